import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Ctx, newId, type Tx } from "@leadmetrics/kit";
import { type Activity, TargetDecision, type TargetSchema } from "@leadmetrics/proto/content/v1/activities";
import type { Selectable } from "kysely";
import type { ActivityRow, ContentDb, PublicationStatusName } from "../db.ts";
import { activityView, actorText, actorView, OWED, PUBLICATION, refOf } from "../views.ts";
import { type ChannelDecision, owedAt, type Part, partOf } from "./rules.ts";

/** A channel of an activity, with the publication of the present revision there. */
export type TargetRow = Selectable<ContentDb["activity_target"]> & {
  readonly name: string;
  readonly url: string;
  readonly publication_id: string | null;
  readonly publication_status: PublicationStatusName | null;
  readonly attempts: number | null;
  readonly published_url: string | null;
  readonly problem: string | null;
  readonly confirmed_on: Date | null;
};

/** The channels of activities, each activity's in the order of the plan. */
export async function targetsOf(tx: Tx<ContentDb>, activityIds: readonly string[]): Promise<TargetRow[]> {
  if (activityIds.length === 0) return [];
  return tx
    .selectFrom("activity_target as t")
    .innerJoin("activity as a", (join) =>
      join.onRef("a.tenant_id", "=", "t.tenant_id").onRef("a.id", "=", "t.activity_id"),
    )
    .innerJoin("channel as c", (join) =>
      join.onRef("c.tenant_id", "=", "t.tenant_id").onRef("c.id", "=", "t.channel_id"),
    )
    .leftJoin("publication as p", (join) =>
      join
        .onRef("p.tenant_id", "=", "t.tenant_id")
        .onRef("p.revision_id", "=", "a.revision_id")
        .onRef("p.channel_id", "=", "t.channel_id"),
    )
    .selectAll("t")
    .select([
      "c.name",
      "c.url",
      "p.id as publication_id",
      "p.status as publication_status",
      "p.attempts",
      "p.url as published_url",
      "p.problem",
      "p.confirmed_on",
    ])
    .where("t.activity_id", "in", activityIds)
    .orderBy("t.activity_id")
    .orderBy("t.position")
    .orderBy("t.id")
    .execute();
}

/** Where a new activity goes. The database has put the first down already. */
export async function addTargets(
  tx: Tx<ContentDb>,
  activity: Pick<ActivityRow, "id" | "tenant_id">,
  channelIds: readonly string[],
): Promise<void> {
  if (channelIds.length === 0) return;
  await tx
    .insertInto("activity_target")
    .values(
      channelIds.map((channelId, position) => ({
        id: newId(),
        tenant_id: activity.tenant_id,
        activity_id: activity.id,
        channel_id: channelId,
        position,
        decided_by: null,
        decided_on: null,
        publish_on: null,
      })),
    )
    .onConflict((oc) => oc.columns(["tenant_id", "activity_id", "channel_id"]).doNothing())
    .execute();
}

/** Writes down what the client, or who acted for them, decided about each channel. */
export async function decideTargets(
  tx: Tx<ContentDb>,
  ctx: Ctx,
  activity: Pick<ActivityRow, "id">,
  channels: readonly ChannelDecision[],
  decidedBy: string = actorText(ctx.actor),
): Promise<void> {
  for (const { channelId, approved, note } of channels)
    await tx
      .updateTable("activity_target")
      .set({
        decision: approved ? "approved" : "declined",
        note,
        decided_by: decidedBy,
        decided_on: new Date(),
      })
      .where("activity_id", "=", activity.id)
      .where("channel_id", "=", channelId)
      .execute();
}

/** Leaves every channel of an activity to be decided again. */
export async function undecideTargets(tx: Tx<ContentDb>, activity: Pick<ActivityRow, "id">): Promise<void> {
  await tx
    .updateTable("activity_target")
    .set({ decision: "pending", note: "", decided_by: null, decided_on: null })
    .where("activity_id", "=", activity.id)
    .execute();
}

/** When a target's publication goes out; null for as soon as it may. */
export const momentOf = (
  target: Pick<TargetRow, "publish_on">,
  activity: Pick<ActivityRow, "publish_on">,
): Date | null => target.publish_on ?? activity.publish_on;

/** The channels that something goes to, each with how it stands there. */
export function partsOf(
  targets: readonly TargetRow[],
  activity: Pick<ActivityRow, "publish_on">,
  now: Date,
): (TargetRow & { readonly part: Part })[] {
  return targets.flatMap((target) =>
    target.decision === "declined" || target.publication_status === null
      ? []
      : [
          {
            ...target,
            part: partOf(
              {
                status: target.publication_status,
                attempts: target.attempts ?? 0,
                moment: momentOf(target, activity),
              },
              now,
            ),
          },
        ],
  );
}

const DECISIONS = {
  pending: TargetDecision.PENDING,
  approved: TargetDecision.APPROVED,
  declined: TargetDecision.DECLINED,
};
const time = (date: Date | null) => (date ? timestampFromDate(date) : undefined);

function targetView(
  row: TargetRow,
  activity: Pick<ActivityRow, "status" | "owed_by">,
): MessageInitShape<typeof TargetSchema> {
  const publication = row.publication_status ?? undefined;
  return {
    channelRef: refOf(row.channel_id),
    channelName: row.name,
    channelUrl: row.url,
    decision: DECISIONS[row.decision],
    note: row.note,
    decidedBy: actorView(row.decided_by),
    decidedOn: time(row.decided_on),
    publishOn: time(row.publish_on),
    publicationRef: refOf(row.publication_id),
    publicationStatus: publication && PUBLICATION[publication],
    url: row.published_url ?? "",
    problem: row.problem ?? "",
    confirmedOn: time(row.confirmed_on),
    owedBy: OWED[owedAt({ decision: row.decision, publication }, activity)],
  };
}

/** Activities as they are shown, with their channels. */
export async function viewsOf(tx: Tx<ContentDb>, rows: readonly ActivityRow[]): Promise<Activity[]> {
  const targets = await targetsOf(
    tx,
    rows.map((row) => row.id),
  );
  return viewsWith(rows, targets);
}

/** The same with channels that are at hand. */
export function viewsWith(rows: readonly ActivityRow[], targets: readonly TargetRow[]): Activity[] {
  const own = Map.groupBy(targets, (target) => target.activity_id);
  return rows.map((row) =>
    activityView(
      row,
      (own.get(row.id) ?? []).map((target) => targetView(target, row)),
    ),
  );
}

export async function viewOf(tx: Tx<ContentDb>, row: ActivityRow): Promise<Activity> {
  const targets = await targetsOf(tx, [row.id]);
  return activityView(
    row,
    targets.map((target) => targetView(target, row)),
  );
}
