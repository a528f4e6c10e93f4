import { currentTraceparent, emit, newId, type TenantCtx, type Tx } from "@leadmetrics/kit";
import {
  GoalAdvancedSchema,
  PeriodAdvancedSchema,
  PublicationConfirmedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import type { ActivityRow, ContentDb, PublicationRow } from "../db.ts";
import { publicationSettled } from "../metrics.ts";
import { amend, finishStep, lockActivity, transition } from "../production/transition.ts";
import { goalView, PUBLISHED_ITEMS, snapshot } from "../strategy/rpc.ts";
import { isPublishing, problemText, stateOf } from "../targets/rules.ts";
import { momentOf, partsOf, targetsOf, viewOf } from "../targets/store.ts";
import { periodView, publicationView } from "../views.ts";
import { TUNABLES } from "./tunables.ts";

/** Writes down that an approved revision is to go to its approved channels; asking twice is the same as asking once. */
export async function preparePublications(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
): Promise<void> {
  if (!activity.revision_id) return;
  const targets = (await targetsOf(tx, [activity.id])).filter((target) => target.decision === "approved");
  if (targets.length === 0) return;
  const revision = await tx
    .selectFrom("revision")
    .select(["slug", "content_hash"])
    .where("id", "=", activity.revision_id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("publication")
    .values(
      targets.map((target) => ({
        id: newId(),
        tenant_id: ctx.tenantId,
        activity_id: activity.id,
        revision_id: activity.revision_id ?? "",
        channel_id: target.channel_id,
        content_hash: revision.content_hash,
        slug: revision.slug,
        lease_until: null,
        confirmed_on: null,
        traceparent: currentTraceparent() ?? activity.traceparent,
        next_try: momentOf(target, activity) ?? new Date(),
      })),
    )
    .onConflict((oc) =>
      oc
        .columns(["tenant_id", "revision_id", "channel_id"])
        // What was withdrawn because it had to be approved again has its moment again.
        .doUpdateSet((eb) => ({ next_try: eb.ref("excluded.next_try") }))
        .where("publication.status", "=", "prepared"),
    )
    .execute();
}

/**
 * The publications of an activity, for a change of theirs and of the activity's. Whoever changes both takes the publications
 * first, as the publisher does.
 */
export async function lockPublications(tx: Tx<ContentDb>, activityId: string): Promise<void> {
  await tx
    .selectFrom("publication")
    .select("id")
    .where("activity_id", "=", activityId)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Keeps what has not been sent from ever being sent: to these channels, or to any. */
export async function withdraw(
  tx: Tx<ContentDb>,
  activity: Pick<ActivityRow, "id">,
  channelIds?: readonly string[],
): Promise<void> {
  let query = tx
    .updateTable("publication")
    .set({ next_try: TUNABLES.never, updated_on: new Date() })
    .where("activity_id", "=", activity.id)
    .where("status", "=", "prepared");
  if (channelIds) query = query.where("channel_id", "in", [...channelIds]);
  await query.execute();
}

/** Gives what has not been sent its moment: each channel's own, or the activity's, or now. */
export async function setMoments(tx: Tx<ContentDb>, activity: ActivityRow): Promise<void> {
  const now = new Date();
  const targets = await targetsOf(tx, [activity.id]);
  for (const target of partsOf(targets, activity, now))
    if (target.part === "due" || target.part === "waiting")
      await tx
        .updateTable("publication")
        .set({ next_try: momentOf(target, activity) ?? now })
        .where("id", "=", target.publication_id)
        .where("status", "=", "prepared")
        .execute();
}

/**
 * Brings an activity into the state its publications are in. The caller has locked it, and has written what changed.
 *
 * @returns the activity as it is now; unchanged when it is on hold or over, or nothing is different
 */
export async function followPublications(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
): Promise<ActivityRow> {
  if (!isPublishing(activity.status)) return activity;
  const parts = partsOf(await targetsOf(tx, [activity.id]), activity, new Date());
  const to = stateOf(parts.map(({ part }) => part));
  const change = {
    problem: problemText(parts.map(({ name, part, problem }) => ({ name, part, problem: problem ?? "" }))),
    published_url: parts.find(({ part }) => part === "out")?.published_url ?? "",
  };
  if (to !== activity.status) {
    const moved = await transition(tx, ctx, activity, to, change);
    if (to === "published") await publishedEverywhere(tx, ctx, moved);
    return moved;
  }
  const same = activity.problem === change.problem && activity.published_url === change.published_url;
  return same ? activity : amend(tx, ctx, activity, change);
}

/** A change by whoever holds the lease. @returns undefined when somebody else holds it by now: stop writing */
export async function writeFenced(
  tx: Tx<ContentDb>,
  publication: Pick<PublicationRow, "id" | "fence">,
  change: Partial<
    Pick<
      PublicationRow,
      | "status"
      | "remote_id"
      | "url"
      | "problem"
      | "lookups"
      | "next_try"
      | "lease_until"
      | "confirmed_on"
      | "attempts"
    >
  >,
): Promise<PublicationRow | undefined> {
  const row = await tx
    .updateTable("publication")
    .set({ ...change, updated_on: new Date() })
    .where("id", "=", publication.id)
    .where("fence", "=", publication.fence)
    .returningAll()
    .executeTakeFirst();
  if (row && change.status) publicationSettled(tx, row);
  return row;
}

/** The post is there: everything that follows from it, once, in one transaction. */
export async function confirm(tx: Tx<ContentDb>, ctx: TenantCtx, publication: PublicationRow): Promise<void> {
  const out = await writeFenced(tx, publication, {
    status: "confirmed",
    problem: "",
    lease_until: null,
    confirmed_on: new Date(),
  });
  if (!out) return;
  const activity = await followPublications(tx, ctx, await lockActivity(tx, publication.activity_id));
  await emit(
    tx,
    ctx,
    PublicationConfirmedSchema,
    { activity: await viewOf(tx, activity), publication: publicationView(out) },
    { aggregate: activity.id },
  );
}

/** What follows from its being out wherever it was to go: once for each activity, however many channels it has. */
export async function publishedEverywhere(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
): Promise<void> {
  await finishStep(tx, activity.id, "publish");
  await countPeriod(tx, ctx, activity);
}

async function countPeriod(tx: Tx<ContentDb>, ctx: TenantCtx, activity: ActivityRow): Promise<void> {
  const period = await tx
    .updateTable("deliverable_period")
    .set((eb) => ({ completed_count: eb("completed_count", "+", 1) }))
    .where("id", "=", activity.period_id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await emit(
    tx,
    ctx,
    PeriodAdvancedSchema,
    { period: periodView(period, activity.content_type) },
    { aggregate: period.id },
  );
  const deliverable = await tx
    .selectFrom("deliverable")
    .select("goal_id")
    .where("id", "=", activity.deliverable_id)
    .executeTakeFirstOrThrow();
  const goals = await tx
    .updateTable("goal")
    .set((eb) => ({ current: eb("current", "+", 1) }))
    .where("metric", "=", PUBLISHED_ITEMS)
    .where((eb) => (deliverable.goal_id ? eb("id", "=", deliverable.goal_id) : eb.lit(true)))
    .returningAll()
    .execute();
  for (const goal of goals) {
    await snapshot(tx, ctx, goal.id, goal.current);
    await emit(tx, ctx, GoalAdvancedSchema, { goal: goalView(goal, []) }, { aggregate: goal.id });
  }
}
