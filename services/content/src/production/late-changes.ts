import { emit, errors, type TenantCtx, type Tx, tryFromRef } from "@leadmetrics/kit";
import { ActivityTransitionedSchema } from "@leadmetrics/proto/content/events/v1/events";
import type { ActivityRow, ContentDb, StatusName } from "../db.ts";
import { followPublications, publishedEverywhere, setMoments, withdraw } from "../publications/store.ts";
import { inTheAir, isPublishing } from "../targets/rules.ts";
import { decideTargets, momentOf, partsOf, type TargetRow, targetsOf, viewOf } from "../targets/store.ts";
import { STATUSES } from "../views.ts";
import { amend, cancelLiveRun, presentState, transition } from "./transition.ts";

/** Why a channel was left out, when nobody says more. */
const LEFT_OUT = "Cancelled before it went out here.";

/**
 * Ends an activity, or leaves out some of its channels. What is out stays out, and with the rest gone it is all there is to
 * publish. The caller has locked it and its publications.
 */
export async function cancelActivity(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  channelRefs: readonly string[],
): Promise<ActivityRow> {
  const parts = partsOf(await targetsOf(tx, [activity.id]), activity, new Date());
  const out = parts.filter(({ part }) => part === "out");
  const left = parts.filter(({ part }) => part !== "out");
  if (channelRefs.length > 0) return leaveOut(tx, ctx, activity, parts, channelRefs);
  if (parts.some(({ part }) => inTheAir(part))) throw presentState(activity);
  await cancelLiveRun(tx, ctx, activity, "cancelled");
  await withdraw(tx, activity);
  if (out.length === 0) return transition(tx, ctx, activity, "cancelled");
  if (left.length === 0) throw presentState(activity);
  await decline(tx, ctx, activity, left);
  const published = await transition(tx, ctx, activity, "published");
  await publishedEverywhere(tx, ctx, published);
  return published;
}

async function leaveOut(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  parts: readonly (TargetRow & { part: Parameters<typeof inTheAir>[0] })[],
  channelRefs: readonly string[],
): Promise<ActivityRow> {
  if (!isPublishing(activity.status)) throw presentState(activity);
  const chosen = channelRefs.map((ref, index) => {
    const found = parts.find((one) => one.channel_id === tryFromRef(ref));
    const field = `channel_refs[${index}]`;
    if (!found)
      throw errors.invalid(`${field}: nothing is to go out there.`, [
        { field, description: "is no channel that this content goes to" },
      ]);
    if (found.part === "out" || inTheAir(found.part))
      throw errors.conflict(
        "publication_under_way",
        found.part === "out"
          ? `"${activity.title}" is out on ${found.name} already.`
          : `"${activity.title}" is on its way to ${found.name}. Wait until it is known what became of it.`,
        { status: activity.status },
      );
    return found;
  });
  const ids = chosen.map((one) => one.channel_id);
  if (parts.every((one) => ids.includes(one.channel_id))) return cancelActivity(tx, ctx, activity, []);
  await withdraw(tx, activity, ids);
  await decline(tx, ctx, activity, chosen);
  const first = parts.find((one) => !ids.includes(one.channel_id));
  const narrowed = await amend(tx, ctx, activity, {
    channel_id: ids.includes(activity.channel_id ?? "") ? first?.channel_id : activity.channel_id,
  });
  const followed = await followPublications(tx, ctx, narrowed);
  if (followed.status !== activity.status) return followed;
  // The others go on as they were; that one is left out is told all the same.
  const status = STATUSES[activity.status];
  const note = `Not on ${chosen.map((one) => one.name).join(", ")}`;
  await emit(
    tx,
    ctx,
    ActivityTransitionedSchema,
    { activity: await viewOf(tx, followed), from: status, note },
    { aggregate: activity.id },
  );
  return followed;
}

function decline(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  targets: readonly TargetRow[],
): Promise<void> {
  return decideTargets(
    tx,
    ctx,
    activity,
    targets.map(({ channel_id }) => ({ channelId: channel_id, approved: false, note: LEFT_OUT })),
  );
}

/** Back from a hold to where the publications are by now; what came due meanwhile goes at once. */
export async function returnFromHold(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  to: StatusName,
): Promise<ActivityRow> {
  const back = await transition(tx, ctx, activity, to, { held_from: null });
  if (!isPublishing(to)) return back;
  await setMoments(tx, back);
  return followPublications(tx, ctx, back);
}

/** Lets what failed go again, and nothing else. */
export async function retryPublications(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
): Promise<ActivityRow> {
  const targets = await targetsOf(tx, [activity.id]);
  const failed = partsOf(targets, activity, new Date()).filter(({ part }) => part === "failed");
  if (failed.length === 0) throw presentState(activity);
  for (const target of failed)
    await tx
      .updateTable("publication")
      .set({
        status: "prepared",
        problem: "",
        attempts: 0,
        next_try: momentOf(target, activity) ?? new Date(),
      })
      .where("id", "=", target.publication_id)
      .where("status", "=", "failed")
      .execute();
  return followPublications(tx, ctx, activity);
}
