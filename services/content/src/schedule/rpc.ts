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
  tryFromRef,
} from "@leadmetrics/kit";
import { ActivityRescheduledSchema } from "@leadmetrics/proto/content/events/v1/events";
import { ScheduleConflictKind as Kind, ScheduleService } from "@leadmetrics/proto/content/v1/schedule";
import type { ActivityRow, ContentDb } from "../db.ts";
import { requireFeature } from "../features.ts";
import { amend, lockActivity, presentState } from "../production/transition.ts";
import { followPublications, lockPublications, setMoments } from "../publications/store.ts";
import { inTheAir, isPublishing, slotsOf } from "../targets/rules.ts";
import {
  momentOf,
  partsOf,
  type TargetRow,
  targetsOf,
  viewOf,
  viewsOf,
  viewsWith,
} from "../targets/store.ts";
import { refOf } from "../views.ts";
import { type Conflict, conflictsOf, MOVABLE, mayMove, momentProblem } from "./rules.ts";
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
      const { entries, undated } = await db.withTenant(
        tenantCtx(hc),
        async (tx) => ({
          entries: await slotted(tx, start, end),
          undated: await viewsOf(
            tx,
            await tx
              .selectFrom("activity")
              .selectAll()
              .where("publish_on", "is", null)
              .where("status", "in", [...MOVABLE])
              .where(({ not, exists, selectFrom }) =>
                not(
                  exists(
                    selectFrom("activity_target as t")
                      .select("t.id")
                      .whereRef("t.activity_id", "=", "activity.id")
                      .where("t.publish_on", "is not", null),
                  ),
                ),
              )
              .orderBy("id")
              .limit(MOST_UNDATED)
              .execute(),
          ),
        }),
        { readOnly: true },
      );
      const conflicts = conflictsOf(entries, new Date());
      return {
        entries: entries.map((entry) => ({
          activity: entry.activity,
          slot: timestampFromDate(entry.slot),
          channelRefs: entry.channels.map((channel) => refOf(channel.id)),
          conflicts: (conflicts.get(entry) ?? []).map((conflict) => ({
            kind: KINDS[conflict.kind],
            withActivityRef: conflict.kind === "crowded" ? refOf(conflict.with.id) : "",
            withTitle: conflict.kind === "crowded" ? conflict.with.title : "",
          })),
        })),
        undated,
      };
    },

    async rescheduleActivity(request, hc) {
      const ctx = tenantCtx(hc);
      if (request.dragged) requireFeature(ctx, "calendar_drag", "Choose the date in the item's dialog.");
      const id = fromRef(request.activityRef, "activity");
      const moment = request.publishOn ? timestampDate(request.publishOn) : null;
      const problem = moment && momentProblem(moment, new Date());
      if (problem)
        throw errors.invalid(`publish_on: ${problem}.`, [{ field: "publish_on", description: problem }]);
      return db.withTenant(ctx, async (tx) => {
        await lockPublications(tx, id);
        const activity = await lockActivity(tx, id);
        if (activity.version !== request.version) throw presentState(activity);
        const moved = request.channelRef
          ? await moveChannel(tx, ctx, activity, request.channelRef, moment)
          : await moveAll(tx, ctx, activity, moment);
        await setMoments(tx, moved);
        return { activity: await viewOf(tx, await followPublications(tx, ctx, moved)) };
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

/** Every moment in a stretch of time: when something went out, else when it is to. */
async function slotted(tx: Tx<ContentDb>, start: Date, end: Date) {
  const rows = await tx
    .selectFrom("activity")
    .selectAll()
    .where("status", "<>", "cancelled")
    .where("id", "in", ({ selectFrom }) =>
      selectFrom("activity as a")
        .select("a.id")
        .where("a.publish_on", ">=", start)
        .where("a.publish_on", "<", end)
        .union(
          selectFrom("activity_target as t")
            .select("t.activity_id as id")
            .where("t.publish_on", ">=", start)
            .where("t.publish_on", "<", end),
        )
        .union(
          selectFrom("publication as p")
            .select("p.activity_id as id")
            .where("p.confirmed_on", ">=", start)
            .where("p.confirmed_on", "<", end),
        ),
    )
    .orderBy("id")
    .limit(MOST_ENTRIES)
    .execute();
  const found = await targetsOf(
    tx,
    rows.map((row) => row.id),
  );
  const targets = Map.groupBy(found, (target) => target.activity_id);
  const channels = await tx.selectFrom("channel").select(["id", "status"]).execute();
  const statusOf = new Map(channels.map(({ id, status }) => [id, status]));
  const views = viewsWith(rows, found);
  return rows
    .flatMap((row, index) =>
      momentsOf(row, targets.get(row.id) ?? []).map(({ at, channelIds, out }) => ({
        id: row.id,
        title: row.title,
        status: row.status,
        channels: channelIds.map((id) => ({ id, status: statusOf.get(id) ?? ("disconnected" as const) })),
        slot: at,
        out,
        activity: views[index],
      })),
    )
    .filter(({ slot }) => slot >= start && slot < end)
    .sort((a, b) => a.slot.getTime() - b.slot.getTime())
    .slice(0, MOST_ENTRIES);
}

/** When an activity went out, and when the rest of it is to. */
function momentsOf(activity: ActivityRow, targets: readonly TargetRow[]) {
  const open = targets.filter((target) => target.decision !== "declined");
  const out = open.flatMap((target) =>
    target.confirmed_on ? [{ channelId: target.channel_id, at: target.confirmed_on }] : [],
  );
  const planned = open.flatMap((target) => {
    const at = target.confirmed_on ? null : momentOf(target, activity);
    return at ? [{ channelId: target.channel_id, at }] : [];
  });
  // What goes to no channel has its moment all the same.
  const nowhere =
    open.length === 0 && activity.publish_on && activity.status !== "published"
      ? [{ at: activity.publish_on, channelIds: [], out: false }]
      : [];
  return [
    ...slotsOf(out).map((slot) => ({ ...slot, out: true })),
    ...slotsOf(planned).map((slot) => ({ ...slot, out: false })),
    ...nowhere,
  ];
}

/** Gives the activity its moment, and with it every channel. */
async function moveAll(tx: Tx<ContentDb>, ctx: TenantCtx, activity: ActivityRow, moment: Date | null) {
  if (!mayMove(activity.status)) throw presentState(activity);
  await tx
    .updateTable("activity_target")
    .set({ publish_on: null })
    .where("activity_id", "=", activity.id)
    .execute();
  return told(tx, ctx, activity, await amend(tx, ctx, activity, { publish_on: moment }));
}

/** Gives one channel a moment of its own, or takes it away again. */
async function moveChannel(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  channelRef: string,
  moment: Date | null,
) {
  const targets = await targetsOf(tx, [activity.id]);
  const target = targets.find((one) => one.channel_id === tryFromRef(channelRef));
  if (!target || target.decision === "declined")
    throw errors.invalid("channel_ref: this content doesn't go there.", [
      { field: "channel_ref", description: "is no channel that this content goes to" },
    ]);
  const [part] = partsOf([target], activity, new Date());
  const underWay = part && (part.part === "out" || inTheAir(part.part));
  if (underWay || !(mayMove(activity.status) || isPublishing(activity.status))) throw presentState(activity);
  await tx.updateTable("activity_target").set({ publish_on: moment }).where("id", "=", target.id).execute();
  return told(tx, ctx, activity, await amend(tx, ctx, activity, {}));
}

async function told(tx: Tx<ContentDb>, ctx: TenantCtx, before: ActivityRow, row: ActivityRow) {
  await emit(
    tx,
    ctx,
    ActivityRescheduledSchema,
    {
      activity: await viewOf(tx, row),
      from: before.publish_on ? timestampFromDate(before.publish_on) : undefined,
    },
    { aggregate: row.id },
  );
  return row;
}
