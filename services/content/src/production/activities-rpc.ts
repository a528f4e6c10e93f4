import {
  type Database,
  emit,
  errors,
  fromRef,
  type Id,
  keyset,
  newId,
  pageOf,
  pageResult,
  type ServedService,
  service,
  tenantCtx,
  userIdOf,
} from "@leadmetrics/kit";
import { CommentAddedSchema, WakeReason } from "@leadmetrics/proto/content/events/v1/events";
import { ActivitiesService } from "@leadmetrics/proto/content/v1/activities";
import { lastYesOf } from "../client-review/last-yes.ts";
import type { ActivityRow, ContentDb } from "../db.ts";
import { titled } from "../desk/queue.ts";
import { lockPublications } from "../publications/store.ts";
import { isPublishing } from "../targets/rules.ts";
import { targetsOf, viewOf, viewsOf, viewsWith } from "../targets/store.ts";
import {
  actorText,
  approvalView,
  CONTENT_TYPES,
  commentView,
  nameOf,
  publicationView,
  refOf,
  revisionView,
  STATUSES,
  stepView,
} from "../views.ts";
import { cancelActivity, retryPublications, returnFromHold } from "./late-changes.ts";
import { cancelLiveRun, lockActivity, presentState, requestRun, stepsOf, transition } from "./transition.ts";

export function activitiesService(db: Database<ContentDb>): ServedService {
  const change = async (
    hc: Parameters<typeof tenantCtx>[0],
    request: { activityRef: string; version: number },
    work: (tx: Tx, ctx: Scope, activity: ActivityRow) => Promise<ActivityRow>,
  ) => {
    const ctx = tenantCtx(hc);
    const id = fromRef(request.activityRef, "activity");
    return db.withTenant(ctx, async (tx) => {
      await lockPublications(tx, id);
      const activity = await lockActivity(tx, id);
      if (activity.version !== request.version) throw presentState(activity);
      return { activity: await viewOf(tx, await work(tx, ctx, activity)) };
    });
  };

  return service(ActivitiesService, {
    async listActivities(request, hc) {
      const page = pageOf(request.page);
      const planId = request.planRef ? fromRef(request.planRef, "plan") : undefined;
      const statuses = request.statuses.flatMap((status) => nameOf(STATUSES, status) ?? []);
      const type = nameOf(CONTENT_TYPES, request.contentType);
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          let query = tx.selectFrom("activity").selectAll();
          if (planId) query = query.where("plan_id", "=", planId);
          if (statuses.length > 0) query = query.where("status", "in", statuses);
          if (type) query = query.where("content_type", "=", type);
          query = titled(query, request.title);
          const result = pageResult(await keyset(query, page, tx).execute(), page);
          return { activities: await viewsOf(tx, result.rows), page: result.page };
        },
        { readOnly: true },
      );
    },

    async getActivity(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      return db.withTenant(
        ctx,
        async (tx) => {
          // Asked for together, it costs one round trip.
          const [row, targets, steps, revisions, approvals, publications] = await Promise.all([
            tx.selectFrom("activity").selectAll().where("id", "=", id).executeTakeFirst(),
            targetsOf(tx, [id]),
            stepsOf(tx, id),
            tx
              .selectFrom("revision")
              .selectAll()
              .where("activity_id", "=", id)
              .orderBy("number", "desc")
              .execute(),
            tx.selectFrom("approval").selectAll().where("activity_id", "=", id).orderBy("id").execute(),
            tx.selectFrom("publication").selectAll().where("activity_id", "=", id).orderBy("id").execute(),
          ]);
          if (!row) throw errors.notFound("activity");
          // A client reads what a reviewer has approved, and no internal note.
          const forClient = ctx.principal.kind === "tenant";
          const passed = new Set(
            approvals
              .filter((approval) => approval.step === "dm_review" && approval.decision !== "rejected")
              .map((approval) => approval.revision_id),
          );
          const seen = forClient ? await lastSeen(tx, ctx, row) : undefined;
          const views = viewsWith([row], targets);
          return {
            activity: (forClient ? views : await lastYesOf(tx, [row], targets, views))[0],
            lastSeenRevisionRef: refOf(seen),
            steps: steps.map(stepView),
            revisions: revisions
              .filter((revision) => !forClient || passed.has(revision.id))
              .map(revisionView),
            approvals: approvals
              .filter(
                (approval) =>
                  !forClient || approval.step === "client_review" || approval.decision !== "rejected",
              )
              .map(approvalView),
            publications: publications.map(publicationView),
          };
        },
        { readOnly: true },
      );
    },

    holdActivity: (request, hc) =>
      change(hc, request, async (tx, ctx, activity) => {
        await cancelLiveRun(tx, ctx, activity, "put on hold");
        return transition(tx, ctx, activity, "on_hold", { held_from: activity.status });
      }),

    resumeActivity: (request, hc) =>
      change(hc, request, async (tx, ctx, activity) => {
        if (activity.status !== "on_hold" || !activity.held_from) throw presentState(activity);
        // What an agent was at starts again; anything else waits where it waited.
        if (!["planned", "queued", "working", "changes_requested"].includes(activity.held_from))
          return returnFromHold(tx, ctx, activity, activity.held_from);
        const step = (await stepsOf(tx, activity.id)).find(
          (candidate) => candidate.agent_role !== "" && candidate.status !== "done",
        );
        if (!step) throw presentState(activity);
        return requestRun(tx, ctx, { ...activity, held_from: null }, step, WakeReason.MANUAL);
      }),

    cancelActivity: (request, hc) =>
      change(hc, request, (tx, ctx, activity) => cancelActivity(tx, ctx, activity, request.channelRefs)),

    retryActivity: (request, hc) =>
      change(hc, request, async (tx, ctx, activity) => {
        if (isPublishing(activity.status)) return retryPublications(tx, ctx, activity);
        const step = (await stepsOf(tx, activity.id)).find((candidate) => candidate.status === "failed");
        if (activity.status !== "failed" || !step) throw presentState(activity);
        return requestRun(tx, ctx, activity, step, WakeReason.RETRY, request.note);
      }),

    async addComment(request, hc) {
      const ctx = tenantCtx(hc);
      if (request.internal && ctx.principal.kind === "tenant")
        throw errors.forbidden("Only the internal team writes internal comments.");
      const id = fromRef(request.activityRef, "activity");
      return db.withTenant(ctx, async (tx) => {
        const activity = await tx.selectFrom("activity").select("id").where("id", "=", id).executeTakeFirst();
        if (!activity) throw errors.notFound("activity");
        const thread = await threadOf(tx, ctx, id, request.threadRef);
        const row = await tx
          .insertInto("comment")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            activity_id: id,
            author: actorText(ctx.actor),
            text: request.text,
            internal: thread?.internal ?? request.internal,
            thread_id: thread?.id ?? null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const comment = commentView(row);
        await emit(tx, ctx, CommentAddedSchema, { activityRef: refOf(id), comment }, { aggregate: id });
        return { comment };
      });
    },

    async listComments(request, hc) {
      const ctx = tenantCtx(hc);
      const page = pageOf(request.page);
      const id = fromRef(request.activityRef, "activity");
      return db.withTenant(
        ctx,
        async (tx) => {
          const activity = await tx
            .selectFrom("activity")
            .select("id")
            .where("id", "=", id)
            .executeTakeFirst();
          if (!activity) throw errors.notFound("activity");
          const all = tx.selectFrom("comment").selectAll().where("activity_id", "=", id);
          const result = pageResult(
            await keyset(
              ctx.principal.kind === "tenant" ? all.where("internal", "=", false) : all,
              page,
              tx,
            ).execute(),
            page,
          );
          return { comments: result.rows.reverse().map(commentView), page: result.page };
        },
        { readOnly: true },
      );
    },
  });
}

/** The comment that began the thread of a comment. A client doesn't learn that there is an internal one. */
async function threadOf(tx: Tx, ctx: Scope, activityId: Id, ref: string) {
  if (!ref) return undefined;
  const comments = tx.selectFrom("comment").selectAll().where("activity_id", "=", activityId);
  const answered = await comments.where("id", "=", fromRef(ref, "comment")).executeTakeFirst();
  const first = answered?.thread_id
    ? await comments.where("id", "=", answered.thread_id).executeTakeFirst()
    : answered;
  if (!first || (first.internal && ctx.principal.kind === "tenant")) throw errors.notFound("comment");
  return first;
}

/** The newest revision the caller has read beside the present one. */
async function lastSeen(tx: Tx, ctx: Scope, activity: ActivityRow): Promise<string | undefined> {
  const userId = userIdOf(ctx);
  if (!userId) return undefined;
  const row = await tx
    .selectFrom("revision_seen")
    .innerJoin("revision", "revision.id", "revision_seen.revision_id")
    .select("revision_seen.revision_id")
    .where("revision_seen.activity_id", "=", activity.id)
    .where("revision_seen.user_id", "=", userId)
    .where("revision_seen.revision_id", "is distinct from", activity.revision_id)
    .orderBy("revision.number", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.revision_id;
}

type Scope = ReturnType<typeof tenantCtx>;
type Tx = Parameters<Parameters<Database<ContentDb>["withTenant"]>[1]>[0];
