import {
  type Ctx,
  emit,
  errors,
  type Id,
  newId,
  platformSettings,
  type TenantCtx,
  type Tx,
  toRef,
} from "@leadmetrics/kit";
import {
  ActivityTransitionedSchema,
  RevisionCreatedSchema,
  RunCancellationRequestedSchema,
  RunRequestedSchema,
  type WakeReason,
} from "@leadmetrics/proto/content/events/v1/events";
import type { ActivityRow, ContentDb, RevisionRow, StatusName, StepRow } from "../db.ts";
import { activityMoved } from "../metrics.ts";
import { viewOf } from "../targets/store.ts";
import { actorText, CONTENT_TYPES, refOf, revisionView, STATUSES, STEP_KINDS } from "../views.ts";
import { contentHash, mayFollow, owedBy, slugOf } from "./rules.ts";

const HOUR_MS = 3_600_000;

/** Milliseconds in which the next move of a waiting activity is promised. */
function promiseMs(to: "dm_review" | "client_review"): number {
  return platformSettings.get(`promise.${to}_hours`) * HOUR_MS;
}

type Change = Partial<
  Pick<
    ActivityRow,
    | "current_step"
    | "run_id"
    | "revision_id"
    | "revision_number"
    | "content_hash"
    | "rejections"
    | "escalated"
    | "published_url"
    | "problem"
    | "problem_detail"
    | "held_from"
    | "publish_on"
    | "title"
    | "channel_id"
    | "approved_by_setting"
  >
>;

/** Reads an activity for a change; whoever changes it next waits. */
export async function lockActivity(tx: Tx<ContentDb>, id: string): Promise<ActivityRow> {
  const row = await tx.selectFrom("activity").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
  if (!row) throw errors.notFound("activity");
  return row;
}

/** What a stale or impossible change is answered with: the state as it is now. */
export function presentState(activity: ActivityRow) {
  return errors.conflict(
    "activity_changed",
    `"${activity.title}" is ${activity.status.replaceAll("_", " ")} now. Load it again.`,
    {
      status: activity.status,
      version: String(activity.version),
      content_hash: activity.content_hash,
    },
  );
}

/**
 * The one way an activity changes its state: checked against the state machine, compare-and-set on its version, told to
 * everybody through the event.
 *
 * @throws AppError conflict with the present state when the change isn't possible (any more)
 */
export async function transition(
  tx: Tx<ContentDb>,
  ctx: Ctx,
  activity: ActivityRow,
  to: StatusName,
  change: Change = {},
  note = "",
): Promise<ActivityRow> {
  if (!mayFollow(activity.status, to)) throw presentState(activity);
  const now = new Date();
  const promise =
    to === "dm_review" || to === "client_review" ? new Date(now.getTime() + promiseMs(to)) : null;
  const row = await tx
    .updateTable("activity")
    .set((eb) => ({
      ...change,
      status: to,
      owed_by: owedBy(to, (change.channel_id ?? activity.channel_id) !== null),
      owed_since: now,
      promised_on: promise,
      updated_by: actorText(ctx.actor),
      updated_on: now,
      version: eb("version", "+", 1),
      problem: change.problem ?? "",
      problem_detail: change.problem_detail ?? "",
    }))
    .where("id", "=", activity.id)
    .where("version", "=", activity.version)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw presentState(activity);
  activityMoved(tx, row);
  await emit(
    tx,
    ctx,
    ActivityTransitionedSchema,
    { activity: await viewOf(tx, row), from: STATUSES[activity.status], note },
    { aggregate: row.id },
  );
  return row;
}

/** A change of an activity that leaves its state: compare-and-set on its version, as every other. */
export async function amend(
  tx: Tx<ContentDb>,
  ctx: Ctx,
  activity: ActivityRow,
  change: Pick<
    Change,
    "problem" | "published_url" | "publish_on" | "channel_id" | "held_from" | "approved_by_setting"
  >,
): Promise<ActivityRow> {
  const row = await tx
    .updateTable("activity")
    .set((eb) => ({
      ...change,
      updated_by: actorText(ctx.actor),
      updated_on: new Date(),
      version: eb("version", "+", 1),
    }))
    .where("id", "=", activity.id)
    .where("version", "=", activity.version)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw presentState(activity);
  return row;
}

/** Stores a new revision; it is never changed afterwards. */
export async function addRevision(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  text: {
    title: string;
    body: string;
    excerpt: string;
    slug: string;
    offlineDraft: boolean;
    citations: unknown;
    author: string;
  },
): Promise<RevisionRow> {
  return tx
    .insertInto("revision")
    .values({
      id: newId(),
      tenant_id: ctx.tenantId,
      activity_id: activity.id,
      number: activity.revision_number + 1,
      title: text.title,
      body: text.body,
      excerpt: text.excerpt,
      slug: text.slug || slugOf(text.title),
      author: text.author,
      parent_id: activity.revision_id,
      content_hash: contentHash(text),
      offline_draft: text.offlineDraft,
      citations: JSON.stringify(text.citations),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The fields of an activity that point at its newest revision. */
export const pointsAt = (revision: RevisionRow): Change => ({
  revision_id: revision.id,
  revision_number: revision.number,
  content_hash: revision.content_hash,
  title: revision.title,
});

export async function announceRevision(
  tx: Tx<ContentDb>,
  ctx: Ctx,
  activity: ActivityRow,
  revision: RevisionRow,
): Promise<void> {
  await emit(
    tx,
    ctx,
    RevisionCreatedSchema,
    { activity: await viewOf(tx, activity), revision: revisionView(revision) },
    { aggregate: activity.id },
  );
}

export function stepsOf(tx: Tx<ContentDb>, activityId: string): Promise<StepRow[]> {
  return tx
    .selectFrom("activity_step")
    .selectAll()
    .where("activity_id", "=", activityId)
    .orderBy("position")
    .execute();
}

/** Asks for the agent of a step; the activity is queued from here on. */
export async function requestRun(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  step: StepRow,
  wakeReason: WakeReason,
  feedback = "",
): Promise<ActivityRow> {
  const runId = newId();
  await tx
    .updateTable("activity_step")
    .set({ status: "active", run_id: runId, started_on: new Date(), finished_on: null })
    .where("id", "=", step.id)
    .execute();
  const queued = await transition(tx, ctx, activity, "queued", { run_id: runId, current_step: step.kind });
  const steps = await stepsOf(tx, activity.id);
  const outputOf = (kind: StepRow["kind"]) =>
    steps.find((candidate) => candidate.kind === kind)?.output ?? "";
  const prior = activity.revision_id
    ? await tx.selectFrom("revision").selectAll().where("id", "=", activity.revision_id).executeTakeFirst()
    : undefined;
  await emit(
    tx,
    ctx,
    RunRequestedSchema,
    {
      runRef: toRef(runId),
      role: step.agent_role,
      activityRef: refOf(activity.id),
      stepRef: refOf(step.id),
      planRef: refOf(activity.plan_id),
      step: STEP_KINDS[step.kind],
      wakeReason,
      input: {
        contentType: CONTENT_TYPES[activity.content_type],
        title: activity.title,
        theme: activity.theme,
        research: outputOf("research"),
        brief: outputOf("brief"),
        priorRevision: prior ? revisionView(prior) : undefined,
        feedback,
      },
    },
    { aggregate: activity.id },
  );
  return queued;
}

/** Tells agents that nobody waits for the live run any more. */
export async function cancelLiveRun(
  tx: Tx<ContentDb>,
  ctx: Ctx,
  activity: ActivityRow,
  reason: string,
): Promise<void> {
  if (!activity.run_id || !["queued", "working"].includes(activity.status)) return;
  await emit(
    tx,
    ctx,
    RunCancellationRequestedSchema,
    { runRef: toRef(activity.run_id as Id), reason },
    { aggregate: activity.id },
  );
}

export async function writeStep(tx: Tx<ContentDb>, activityId: string): Promise<StepRow> {
  const step = (await stepsOf(tx, activityId)).find((candidate) => candidate.kind === "write");
  if (!step) throw new Error("an activity without a write step");
  return step;
}

/** A step that a person or a channel does has been done, was left out, or is to do again. */
export async function finishStep(
  tx: Tx<ContentDb>,
  activityId: string,
  kind: StepRow["kind"],
  status: "done" | "skipped" | "pending" = "done",
): Promise<void> {
  await tx
    .updateTable("activity_step")
    .set({ status, finished_on: status === "pending" ? null : new Date() })
    .where("activity_id", "=", activityId)
    .where("kind", "=", kind)
    .execute();
}
