import { errors, type TenantCtx, type Tx, tryFromRef } from "@leadmetrics/kit";
import type { ChannelDecision as SaidOfChannel } from "@leadmetrics/proto/content/v1/activities";
import { mayReturn, type Skip, skipsClientReview } from "../client-review/rules.ts";
import type { ClientReviewSetting } from "../client-review/store.ts";
import type { ActivityRow, ContentDb } from "../db.ts";
import {
  followPublications,
  lockPublications,
  preparePublications,
  withdraw,
} from "../publications/store.ts";
import { type ChannelDecision, decided } from "../targets/rules.ts";
import { decideTargets, partsOf, type TargetRow, targetsOf, undecideTargets } from "../targets/store.ts";
import { record, reject } from "./decisions.ts";
import { amend, finishStep, lockActivity, type pointsAt, transition } from "./transition.ts";

/**
 * The client's yes, for all channels or for those it names: the item is on its way out, now or at its hour.
 *
 * @throws AppError invalid when what is said of the channels doesn't fit them
 */
export async function approveForClient(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  said: readonly Pick<SaidOfChannel, "channelRef" | "approved" | "note">[],
): Promise<ActivityRow> {
  const targets = await targetsOf(tx, [activity.id]);
  const outcome = decided(
    targets,
    said.map(({ channelRef, approved, note }) => ({ channelId: tryFromRef(channelRef), approved, note })),
  );
  if (outcome.kind === "wrong") {
    const { field, description } = outcome;
    throw errors.invalid(`${field}: ${description}.`, [{ field, description }]);
  }
  if (outcome.kind === "rejected") return rejectForClient(tx, ctx, activity, outcome.note);
  return letOut(tx, ctx, activity, targets, outcome.channels);
}

/** The client's no, with what should change. */
export function rejectForClient(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  note: string,
): Promise<ActivityRow> {
  return reject(tx, ctx, activity, "client_review", note);
}

/**
 * What a reviewer has approved goes to the client, or on its way out when their setting says so. What the client has said no
 * to comes back to them, whatever the setting.
 */
export async function toClient(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  setting: ClientReviewSetting | undefined,
  revised: Partial<ReturnType<typeof pointsAt>> = {},
): Promise<ActivityRow> {
  const targets = await targetsOf(tx, [activity.id]);
  if (
    setting &&
    skipsClientReview(setting.skips, activity.content_type, channelIds(targets)) &&
    !(await wasRefused(tx, activity))
  ) {
    const decision = decided(targets, []);
    const channels = decision.kind === "approved" ? decision.channels : [];
    return letOut(tx, ctx, activity, targets, channels, { setBy: setting.set_by, revised });
  }
  return transition(tx, ctx, activity, "client_review", { ...revised, current_step: "client_review" });
}

const channelIds = (targets: readonly TargetRow[]) => targets.map((target) => target.channel_id);

async function wasRefused(tx: Tx<ContentDb>, activity: ActivityRow): Promise<boolean> {
  const refusal = await tx
    .selectFrom("approval")
    .select("id")
    .where("activity_id", "=", activity.id)
    .where("step", "=", "client_review")
    .where("decision", "=", "rejected")
    .limit(1)
    .executeTakeFirst();
  return refusal !== undefined;
}

async function letOut(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  targets: readonly TargetRow[],
  channels: readonly ChannelDecision[],
  { setBy, revised = {} }: { setBy?: string; revised?: Partial<ReturnType<typeof pointsAt>> } = {},
): Promise<ActivityRow> {
  await record(tx, ctx, { ...activity, ...revised }, "client_review", "approved", { channels, setBy });
  await decideTargets(tx, ctx, activity, channels, setBy);
  const first = targets.find((target) =>
    channels.some((one) => one.approved && one.channelId === target.channel_id),
  );
  const approved = await transition(tx, ctx, activity, "approved", {
    ...revised,
    current_step: "publish",
    approved_by_setting: setBy !== undefined,
    ...(first ? { channel_id: first.channel_id } : {}),
  });
  await preparePublications(tx, ctx, approved);
  return followPublications(tx, ctx, approved);
}

/**
 * Brings to the client what a setting let through that these skips don't name any more, as long as it is out nowhere.
 *
 * @returns how many items
 */
export async function returnToClient(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  skips: readonly Skip[],
): Promise<number> {
  const approved = await tx
    .selectFrom("activity")
    .select("id")
    .where("approved_by_setting", "=", true)
    .where("status", "in", ["approved", "scheduled", "on_hold"])
    .orderBy("id")
    .execute();
  let returned = 0;
  for (const { id } of approved) {
    await lockPublications(tx, id);
    const activity = await lockActivity(tx, id);
    const waits = activity.status === "on_hold" ? activity.held_from : activity.status;
    const targets = await targetsOf(tx, [id]);
    if (
      !activity.approved_by_setting ||
      (waits !== "approved" && waits !== "scheduled") ||
      skipsClientReview(skips, activity.content_type, channelIds(targets)) ||
      !mayReturn(partsOf(targets, activity, new Date()).map(({ part }) => part))
    )
      continue;
    await withdraw(tx, activity);
    await undecideTargets(tx, activity);
    await finishStep(tx, id, "client_review", "pending");
    // What is on hold stays there, and comes to the client when somebody lets it go on.
    if (activity.status === "on_hold")
      await amend(tx, ctx, activity, { held_from: "client_review", approved_by_setting: false });
    else
      await transition(
        tx,
        ctx,
        activity,
        "client_review",
        { current_step: "client_review", approved_by_setting: false },
        "It was approved by your setting, which you took back.",
      );
    returned++;
  }
  return returned;
}
