import type { Tx } from "@leadmetrics/kit";
import type { Activity } from "@leadmetrics/proto/content/v1/activities";
import type { ActivityRow, ContentDb } from "../db.ts";
import type { TargetRow } from "../targets/store.ts";
import { refOf } from "../views.ts";
import { skipsClientReview } from "./rules.ts";
import { settingOf } from "./store.ts";

/**
 * The same views, each saying whether the reviewer's approval would be the last before it goes out: the client's setting asks
 * for none of theirs, and they have never said no to it.
 */
export async function lastYesOf(
  tx: Tx<ContentDb>,
  rows: readonly ActivityRow[],
  targets: readonly TargetRow[],
  views: Activity[],
): Promise<Activity[]> {
  const waiting = rows.filter(({ status }) => status === "dm_review");
  if (waiting.length === 0) return views;
  const set = await tx
    .selectFrom("client_review")
    .selectAll()
    .where("tenant_id", "in", [...new Set(waiting.map((row) => row.tenant_id))])
    .execute();
  const skips = new Map(set.map((row) => [row.tenant_id, settingOf(row).skips]));
  const skipped = waiting
    .filter((row) => {
      const channels = targets.filter((target) => target.activity_id === row.id);
      return skipsClientReview(
        skips.get(row.tenant_id) ?? [],
        row.content_type,
        channels.map((target) => target.channel_id),
      );
    })
    .map((row) => row.id);
  if (skipped.length === 0) return views;
  const refused = await tx
    .selectFrom("approval")
    .select("activity_id")
    .where("activity_id", "in", skipped)
    .where("step", "=", "client_review")
    .where("decision", "=", "rejected")
    .execute();
  const last = new Set(skipped);
  for (const { activity_id } of refused) last.delete(activity_id);
  for (const view of views) view.skipsClientReview = [...last].some((id) => refOf(id) === view.ref);
  return views;
}
