import {
  AppError,
  continueTrace,
  type Database,
  errors,
  fromRef,
  type Id,
  newId,
  pageOf,
  requestCtx,
  type ServedService,
  service,
  type TenantCtx,
  tenantCtx,
  toRef,
  tryFromRef,
  userIdOf,
} from "@leadmetrics/kit";
import { WakeReason } from "@leadmetrics/proto/content/events/v1/events";
import { ApprovalsService, ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import { sql } from "kysely";
import type { ActivityRow, ContentDb, RejectReasonName } from "../db.ts";
import { endClaim } from "../desk/claims.ts";
import { narrowed, type QueueFilter, queueFilter } from "../desk/queue.ts";
import { wordsChanged } from "../desk/rules.ts";
import { preparePublication } from "../publications/store.ts";
import { waitsForItsHour } from "../schedule/rules.ts";
import { activityView, actorText, nameOf, REJECT_REASONS } from "../views.ts";
import { afterRejection, isCurrent } from "./rules.ts";
import {
  addRevision,
  announceRevision,
  finishStep,
  lockActivity,
  pointsAt,
  presentState,
  requestRun,
  transition,
  writeStep,
} from "./transition.ts";

type Scope = TenantCtx;
type Tx = Parameters<Parameters<Database<ContentDb>["withTenant"]>[1]>[0];
type Waiting = "dm_review" | "client_review";
interface Seen {
  readonly activityRef: string;
  readonly version: number;
  readonly contentHash: string;
}

/** Decisions of reviewers and clients: each on exactly what was read, in one transaction with all it causes. */
export function reviewServices(db: Database<ContentDb>): ServedService[] {
  const decide = (
    hc: Parameters<typeof tenantCtx>[0],
    waiting: Waiting,
    seen: Seen,
    work: (tx: Tx, ctx: Scope, activity: ActivityRow) => Promise<ActivityRow>,
  ) => {
    const ctx = tenantCtx(hc);
    const id = fromRef(seen.activityRef, "activity");
    return db.withTenant(ctx, async (tx) => {
      const activity = await lockActivity(tx, id);
      if (!isCurrent(activity, waiting, seen)) throw presentState(activity);
      const name = `decide ${waiting.replace("_", " ")}`;
      const row = await continueTrace(name, activity.traceparent, () => work(tx, ctx, activity));
      return { activity: activityView(row) };
    });
  };

  return [
    service(ReviewsService, {
      async listReviewQueue(request, hc) {
        const ctx = requestCtx(hc);
        const filter = queueFilter(request);
        const queue = (tx: Parameters<Parameters<Database<ContentDb>["withPlatform"]>[2]>[0]) =>
          waitingList(tx, "dm_review", request.page, filter);
        if (
          ctx.principal.kind === "platform" &&
          ctx.principal.role === "super_admin" &&
          ctx.tenantIds.length === 0
        )
          return db.withPlatform(ctx, "review queue of all tenants", queue);
        if (filter.tenantIds.some((id) => !(ctx.tenantIds as readonly string[]).includes(id)))
          throw errors.notFound("tenant");
        if (ctx.tenantIds.length === 0) return {};
        return db.withTenant(ctx, queue, { readOnly: true });
      },

      approveDraft: (request, hc) =>
        decide(hc, "dm_review", request, async (tx, ctx, activity) => {
          await endClaim(tx, ctx, activity, request.despiteClaim);
          await record(tx, ctx, activity, "dm_review", "approved");
          return transition(tx, ctx, activity, "client_review", { current_step: "client_review" });
        }),

      editAndApproveDraft: (request, hc) =>
        decide(hc, "dm_review", request, async (tx, ctx, activity) => {
          await endClaim(tx, ctx, activity, request.despiteClaim);
          const before = activity.revision_id
            ? await tx
                .selectFrom("revision")
                .selectAll()
                .where("id", "=", activity.revision_id)
                .executeTakeFirst()
            : undefined;
          const revision = await addRevision(tx, ctx, activity, {
            title: request.title,
            body: request.body,
            excerpt: before?.excerpt ?? "",
            slug: before?.slug ?? "",
            offlineDraft: before?.offline_draft ?? false,
            citations: before?.citations ?? [],
            author: actorText(ctx.actor),
          });
          const edited = { ...activity, revision_id: revision.id, content_hash: revision.content_hash };
          await record(tx, ctx, edited, "dm_review", "edited_and_approved", {
            edited: wordsChanged(before?.body ?? "", request.body),
          });
          const row = await transition(tx, ctx, activity, "client_review", {
            ...pointsAt(revision),
            current_step: "client_review",
          });
          await announceRevision(tx, ctx, row, revision);
          return row;
        }),

      rejectDraft: (request, hc) =>
        decide(hc, "dm_review", request, async (tx, ctx, activity) => {
          await endClaim(tx, ctx, activity, request.despiteClaim);
          const reasons = request.reasons.flatMap((reason) => nameOf(REJECT_REASONS, reason) ?? []);
          return reject(tx, ctx, activity, "dm_review", request.note, reasons);
        }),
    }),

    service(ApprovalsService, {
      listApprovals: (request, hc) =>
        db.withTenant(tenantCtx(hc), (tx) => waitingList(tx, "client_review", request.page), {
          readOnly: true,
        }),

      approveContent: (request, hc) => decide(hc, "client_review", request, approveForClient),

      rejectContent: (request, hc) =>
        decide(hc, "client_review", request, (tx, ctx, activity) =>
          rejectForClient(tx, ctx, activity, request.note),
        ),

      async approveBundle({ approvals }, hc) {
        const outcomes = [];
        for (const seen of approvals) {
          const { activityRef } = seen;
          try {
            outcomes.push({
              activityRef,
              ...(await decide(hc, "client_review", seen, approveForClient)),
            });
          } catch (error) {
            if (!(error instanceof AppError) || !["conflict", "not_found"].includes(error.kind)) throw error;
            outcomes.push({ activityRef, problem: error.message });
          }
        }
        return { outcomes };
      },

      async markRevisionSeen(request, hc) {
        const ctx = tenantCtx(hc);
        const userId = userIdOf(ctx);
        if (!userId) throw errors.forbidden();
        const activityId = fromRef(request.activityRef, "activity");
        const revisionId = fromRef(request.revisionRef, "revision");
        await db.withTenant(ctx, async (tx) => {
          const passed = await tx
            .selectFrom("approval")
            .select("id")
            .where("activity_id", "=", activityId)
            .where("revision_id", "=", revisionId)
            .where("step", "=", "dm_review")
            .where("decision", "!=", "rejected")
            .executeTakeFirst();
          if (!passed) throw errors.notFound("revision");
          await tx
            .insertInto("revision_seen")
            .values({
              id: newId(),
              tenant_id: ctx.tenantId,
              activity_id: activityId,
              revision_id: revisionId,
              user_id: userId,
            })
            .onConflict((oc) => oc.columns(["tenant_id", "user_id", "revision_id"]).doNothing())
            .execute();
        });
        return {};
      },
    }),
  ];
}

/** The client's yes: the item is on its way out, now or at its hour. */
export async function approveForClient(tx: Tx, ctx: TenantCtx, activity: ActivityRow): Promise<ActivityRow> {
  await record(tx, ctx, activity, "client_review", "approved");
  const approved = await transition(tx, ctx, activity, "approved", { current_step: "publish" });
  await preparePublication(tx, ctx, approved);
  return waitsForItsHour(approved, new Date()) ? transition(tx, ctx, approved, "scheduled") : approved;
}

/** The client's no, with what should change. */
export function rejectForClient(
  tx: Tx,
  ctx: TenantCtx,
  activity: ActivityRow,
  note: string,
): Promise<ActivityRow> {
  return reject(tx, ctx, activity, "client_review", note);
}

/** The note is kept, and the agent is woken with it and the rejected revision; the third time a person is. */
async function reject(
  tx: Tx,
  ctx: Scope,
  activity: ActivityRow,
  step: Waiting,
  note: string,
  reasons: RejectReasonName[] = [],
): Promise<ActivityRow> {
  await record(tx, ctx, activity, step, "rejected", { note, reasons });
  const { status, escalated } = afterRejection(activity.rejections);
  const row = await transition(
    tx,
    ctx,
    activity,
    status,
    {
      rejections: activity.rejections + 1,
      escalated,
      current_step: status === "dm_review" ? "dm_review" : "write",
    },
    note,
  );
  return escalated ? row : requestRun(tx, ctx, row, await writeStep(tx, row.id), WakeReason.REJECTION, note);
}

async function record(
  tx: Tx,
  ctx: Scope,
  activity: ActivityRow,
  step: Waiting,
  decision: "approved" | "edited_and_approved" | "rejected",
  {
    note = "",
    reasons = [],
    edited,
  }: { note?: string; reasons?: RejectReasonName[]; edited?: ReturnType<typeof wordsChanged> } = {},
): Promise<void> {
  if (!activity.revision_id) throw presentState(activity);
  if (decision !== "rejected") await finishStep(tx, activity.id, step);
  await tx
    .insertInto("approval")
    .values({
      id: newId(),
      tenant_id: ctx.tenantId,
      activity_id: activity.id,
      step,
      decision,
      revision_id: activity.revision_id,
      content_hash: activity.content_hash,
      note,
      reasons,
      words_changed: edited?.changed,
      words_total: edited?.total,
      decided_by: actorText(ctx.actor),
    })
    .execute();
}

/** Oldest promise first; the token is the last row's promise and id. */
async function waitingList(
  tx: Parameters<Parameters<Database<ContentDb>["withPlatform"]>[2]>[0],
  status: Waiting,
  request: { pageSize?: number; pageToken?: string } | undefined,
  filter?: QueueFilter,
) {
  const { size } = pageOf({ pageSize: request?.pageSize });
  const waiting = narrowed(tx.selectFrom("activity").where("status", "=", status), filter);
  let query = waiting
    .selectAll()
    .orderBy("promised_on")
    .orderBy("id")
    .limit(size + 1);
  if (request?.pageToken) {
    const [time, ref] = request.pageToken.split("~");
    const id = tryFromRef(ref ?? "");
    const promised = new Date(Number(time));
    if (!id || Number.isNaN(promised.getTime()))
      throw errors.invalid("page_token: is not one of this list's.");
    query = query.where(sql<boolean>`(promised_on, id) > (${promised}, ${id})`);
  }
  const rows = await query.execute();
  const { total } = await waiting
    .select((eb) => eb.fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const nextPageToken =
    rows.length > size && last ? `${last.promised_on?.getTime() ?? 0}~${toRef(last.id as Id)}` : "";
  return { activities: shown.map(activityView), page: { nextPageToken }, total: Number(total) };
}
