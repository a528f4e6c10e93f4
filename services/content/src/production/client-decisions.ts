import { errors, type TenantCtx, type Tx, tryFromRef } from "@leadmetrics/kit";
import type { ChannelDecision as SaidOfChannel } from "@leadmetrics/proto/content/v1/activities";
import type { ActivityRow, ContentDb } from "../db.ts";
import { followPublications, preparePublications } from "../publications/store.ts";
import { decided } from "../targets/rules.ts";
import { decideTargets, targetsOf } from "../targets/store.ts";
import { record, reject } from "./decisions.ts";
import { transition } from "./transition.ts";

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
  const { channels } = outcome;
  await record(tx, ctx, activity, "client_review", "approved", { channels });
  await decideTargets(tx, ctx, activity, channels);
  const first = targets.find((target) =>
    channels.some((one) => one.approved && one.channelId === target.channel_id),
  );
  const approved = await transition(tx, ctx, activity, "approved", {
    current_step: "publish",
    ...(first ? { channel_id: first.channel_id } : {}),
  });
  await preparePublications(tx, ctx, approved);
  return followPublications(tx, ctx, approved);
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
