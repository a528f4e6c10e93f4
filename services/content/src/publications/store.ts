import { currentTraceparent, emit, newId, type TenantCtx, type Tx } from "@leadmetrics/kit";
import {
  GoalAdvancedSchema,
  PeriodAdvancedSchema,
  PublicationConfirmedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import type { ActivityRow, ContentDb, PublicationRow } from "../db.ts";
import { publicationSettled } from "../metrics.ts";
import { finishStep, lockActivity, transition } from "../production/transition.ts";
import { goalView, PUBLISHED_ITEMS, snapshot } from "../strategy/rpc.ts";
import { activityView, periodView, publicationView } from "../views.ts";

/** Writes down that an approved revision is to go to its channel; asking twice is the same as asking once. */
export async function preparePublication(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
): Promise<void> {
  if (!activity.channel_id || !activity.revision_id) return;
  const revision = await tx
    .selectFrom("revision")
    .select(["slug", "content_hash"])
    .where("id", "=", activity.revision_id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("publication")
    .values({
      id: newId(),
      tenant_id: ctx.tenantId,
      activity_id: activity.id,
      revision_id: activity.revision_id,
      channel_id: activity.channel_id,
      content_hash: revision.content_hash,
      slug: revision.slug,
      lease_until: null,
      confirmed_on: null,
      traceparent: currentTraceparent() ?? activity.traceparent,
      next_try: activity.publish_on ?? new Date(),
    })
    .onConflict((oc) => oc.columns(["tenant_id", "revision_id", "channel_id"]).doNothing())
    .execute();
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
  const done = await writeFenced(tx, publication, {
    status: "confirmed",
    problem: "",
    lease_until: null,
    confirmed_on: new Date(),
  });
  if (!done) return;
  const before = await lockActivity(tx, publication.activity_id);
  const activity = await transition(tx, ctx, before, "published", { published_url: done.url });
  await finishStep(tx, activity.id, "publish");
  await countPeriod(tx, ctx, activity);
  await emit(
    tx,
    ctx,
    PublicationConfirmedSchema,
    { activity: activityView(activity), publication: publicationView(done) },
    { aggregate: activity.id },
  );
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
