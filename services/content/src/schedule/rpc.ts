import { type Timestamp, timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  emit,
  errors,
  fromRef,
  type ServedService,
  service,
  type TenantCtx,
  type Tx,
  tenantCtx,
} from "@leadmetrics/kit";
import { ActivityRescheduledSchema } from "@leadmetrics/proto/content/events/v1/events";
import { ScheduleConflictKind as Kind, ScheduleService } from "@leadmetrics/proto/content/v1/schedule";
import type { ActivityRow, ContentDb } from "../db.ts";
import { lockActivity, presentState, transition } from "../production/transition.ts";
import { activityView, actorText, refOf } from "../views.ts";
import { type Conflict, conflictsOf, MOVABLE, mayMove, momentProblem, waitsForItsHour } from "./rules.ts";
import { LONGEST_STRETCH_MS, MOST_ENTRIES, MOST_UNDATED } from "./tunables.ts";

const KINDS: Record<Conflict["kind"], Kind> = {
  crowded: Kind.CROWDED,
  not_approved: Kind.NOT_APPROVED,
  channel_down: Kind.CHANNEL_DOWN,
  on_hold: Kind.ON_HOLD,
};

export function scheduleService(db: Database<ContentDb>): ServedService {
  return service(ScheduleService, {
    async listCalendar(request, hc) {
      const [start, end] = stretchOf(request.start, request.end);
      const { dated, undated, channels } = await db.withTenant(
        tenantCtx(hc),
        async (tx) => ({
          dated: await goingOut(tx, start, end),
          undated: await tx
            .selectFrom("activity")
            .selectAll()
            .where("publish_on", "is", null)
            .where("status", "in", [...MOVABLE])
            .orderBy("id")
            .limit(MOST_UNDATED)
            .execute(),
          channels: await tx.selectFrom("channel").select(["id", "status"]).execute(),
        }),
        { readOnly: true },
      );
      const statusOf = new Map(channels.map(({ id, status }) => [id, status]));
      const slotted = dated.map(({ activity, slot }) => ({
        id: activity.id,
        title: activity.title,
        status: activity.status,
        channelId: activity.channel_id,
        channelStatus: activity.channel_id ? statusOf.get(activity.channel_id) : undefined,
        slot,
      }));
      const conflicts = conflictsOf(slotted, new Date());
      return {
        entries: dated.map(({ activity, slot }) => ({
          activity: activityView(activity),
          slot: timestampFromDate(slot),
          conflicts: (conflicts.get(activity.id) ?? []).map((conflict) => ({
            kind: KINDS[conflict.kind],
            withActivityRef: conflict.kind === "crowded" ? refOf(conflict.with.id) : "",
            withTitle: conflict.kind === "crowded" ? conflict.with.title : "",
          })),
        })),
        undated: undated.map(activityView),
      };
    },

    async rescheduleActivity(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      const moment = request.publishOn ? timestampDate(request.publishOn) : null;
      const problem = moment && momentProblem(moment, new Date());
      if (problem)
        throw errors.invalid(`publish_on: ${problem}.`, [{ field: "publish_on", description: problem }]);
      return db.withTenant(ctx, async (tx) => {
        // In the publisher's order: what is going out first, then whose it is.
        await tx.selectFrom("publication").select("id").where("activity_id", "=", id).forUpdate().execute();
        const activity = await lockActivity(tx, id);
        if (activity.version !== request.version || !mayMove(activity.status)) throw presentState(activity);
        const moved = await give(tx, ctx, activity, moment);
        await tx
          .updateTable("publication")
          .set({ next_try: moment ?? new Date() })
          .where("activity_id", "=", id)
          .where("status", "=", "prepared")
          .execute();
        return { activity: activityView(await inItsState(tx, ctx, moved)) };
      });
    },
  });
}

function stretchOf(from: Timestamp | undefined, to: Timestamp | undefined): [Date, Date] {
  const start = from ? timestampDate(from) : new Date(Number.NaN);
  const end = to ? timestampDate(to) : new Date(Number.NaN);
  const length = end.getTime() - start.getTime();
  if (!(length > 0 && length <= LONGEST_STRETCH_MS))
    throw errors.invalid("end: must be after start, at most 100 days.", [
      { field: "end", description: "must be after start, at most 100 days" },
    ]);
  return [start, end];
}

/** Everything with a moment in a stretch of time: when it went out, else when it is to. */
async function goingOut(tx: Tx<ContentDb>, start: Date, end: Date) {
  const planned = await tx
    .selectFrom("activity")
    .selectAll()
    .where("publish_on", ">=", start)
    .where("publish_on", "<", end)
    .where("status", "not in", ["published", "cancelled"])
    .orderBy("publish_on")
    .limit(MOST_ENTRIES)
    .execute();
  const out = await tx
    .selectFrom("publication")
    .innerJoin("activity", "activity.id", "publication.activity_id")
    .selectAll("activity")
    .select("publication.confirmed_on")
    .where("publication.confirmed_on", ">=", start)
    .where("publication.confirmed_on", "<", end)
    .orderBy("publication.confirmed_on")
    .limit(MOST_ENTRIES)
    .execute();
  const entries: { activity: ActivityRow; slot: Date }[] = [];
  for (const activity of planned)
    if (activity.publish_on) entries.push({ activity, slot: activity.publish_on });
  for (const { confirmed_on, ...activity } of out)
    if (confirmed_on && activity.status === "published") entries.push({ activity, slot: confirmed_on });
  return entries.sort((a, b) => a.slot.getTime() - b.slot.getTime()).slice(0, MOST_ENTRIES);
}

async function give(tx: Tx<ContentDb>, ctx: TenantCtx, activity: ActivityRow, moment: Date | null) {
  const row = await tx
    .updateTable("activity")
    .set((eb) => ({
      publish_on: moment,
      updated_by: actorText(ctx.actor),
      updated_on: new Date(),
      version: eb("version", "+", 1),
    }))
    .where("id", "=", activity.id)
    .where("version", "=", activity.version)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw presentState(activity);
  await emit(
    tx,
    ctx,
    ActivityRescheduledSchema,
    {
      activity: activityView(row),
      from: activity.publish_on ? timestampFromDate(activity.publish_on) : undefined,
    },
    { aggregate: row.id },
  );
  return row;
}

/** Approved and scheduled differ in whether the moment is to come. */
async function inItsState(tx: Tx<ContentDb>, ctx: TenantCtx, activity: ActivityRow): Promise<ActivityRow> {
  const waits = waitsForItsHour(activity, new Date());
  if (activity.status === "approved" && waits) return transition(tx, ctx, activity, "scheduled");
  if (activity.status === "scheduled" && !waits) return transition(tx, ctx, activity, "approved");
  return activity;
}
