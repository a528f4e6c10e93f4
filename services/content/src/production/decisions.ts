import {
  continueTrace,
  type Database,
  fromRef,
  newId,
  type TenantCtx,
  type Tx,
  tenantCtx,
} from "@leadmetrics/kit";
import { WakeReason } from "@leadmetrics/proto/content/events/v1/events";
import type { Activity } from "@leadmetrics/proto/content/v1/activities";
import { type ClientReviewSetting, clientReview } from "../client-review/store.ts";
import type { ActivityRow, ContentDb, RejectReasonName } from "../db.ts";
import type { wordsChanged } from "../desk/rules.ts";
import type { ChannelDecision } from "../targets/rules.ts";
import { viewOf } from "../targets/store.ts";
import { actorText } from "../views.ts";
import { afterRejection, isCurrent } from "./rules.ts";
import { finishStep, lockActivity, presentState, requestRun, transition, writeStep } from "./transition.ts";

export type Waiting = "dm_review" | "client_review";

/** What a decision was taken on. */
export interface Seen {
  readonly activityRef: string;
  readonly version: number;
  readonly contentHash: string;
}

/** Takes a decision on exactly what was read, in one transaction with all it causes. */
export async function decideOn(
  db: Database<ContentDb>,
  hc: Parameters<typeof tenantCtx>[0],
  waiting: Waiting,
  seen: Seen,
  work: (
    tx: Tx<ContentDb>,
    ctx: TenantCtx,
    activity: ActivityRow,
    setting: ClientReviewSetting | undefined,
  ) => Promise<ActivityRow>,
): Promise<{ activity: Activity }> {
  const ctx = tenantCtx(hc);
  const id = fromRef(seen.activityRef, "activity");
  return db.withTenant(ctx, async (tx) => {
    // Before the activity, as whoever changes the setting does.
    const setting = waiting === "dm_review" ? await clientReview(tx, "share") : undefined;
    const activity = await lockActivity(tx, id);
    if (!isCurrent(activity, waiting, seen)) throw presentState(activity);
    const name = `decide ${waiting.replace("_", " ")}`;
    const row = await continueTrace(name, activity.traceparent, () => work(tx, ctx, activity, setting));
    return { activity: await viewOf(tx, row) };
  });
}

/** The note is kept, and the agent is woken with it and the rejected revision; the third time a person is. */
export async function reject(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
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

export async function record(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  step: Waiting,
  decision: "approved" | "edited_and_approved" | "rejected",
  {
    note = "",
    reasons = [],
    channels = [],
    edited,
    setBy,
  }: {
    note?: string;
    reasons?: RejectReasonName[];
    channels?: readonly ChannelDecision[];
    edited?: ReturnType<typeof wordsChanged>;
    /** Whose setting decided. */
    setBy?: string;
  } = {},
): Promise<void> {
  if (!activity.revision_id) throw presentState(activity);
  if (decision !== "rejected") await finishStep(tx, activity.id, step, setBy ? "skipped" : "done");
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
      channels: JSON.stringify(channels),
      words_changed: edited?.changed,
      words_total: edited?.total,
      decided_by: setBy ?? actorText(ctx.actor),
      by_setting: setBy !== undefined,
    })
    .execute();
}
