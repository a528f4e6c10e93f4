import type { Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { ContentDb, RejectReasonName } from "../db.ts";
import { dayView, REJECT_REASONS } from "../views.ts";
import { lastDays } from "./rules.ts";

/** A reviewer's own decisions of the last days, up to now. */
export async function statsOf(
  tx: Tx<ContentDb>,
  decidedBy: string,
  count: number,
  timeZone: string,
  now: Date,
) {
  const days = lastDays(now, count, timeZone);
  const [first = ""] = days;
  const decided = () =>
    tx
      .selectFrom("approval")
      .where("decided_by", "=", decidedBy)
      .where("step", "=", "dm_review")
      .where(sql<boolean>`decided_on >= (${first}::date::timestamp at time zone ${timeZone})`);
  const perDay = await decided()
    .select([
      sql<string>`to_char(decided_on at time zone ${timeZone}, 'YYYY-MM-DD')`.as("day"),
      "decision",
      (eb) => eb.fn.countAll<string>().as("count"),
    ])
    .groupBy([sql`1`, "decision"])
    .execute();
  const reasons = await decided()
    .select([
      sql<RejectReasonName>`unnest(reasons)`.as("reason"),
      (eb) => eb.fn.countAll<string>().as("count"),
    ])
    .groupBy(sql`1`)
    .orderBy("count", "desc")
    .execute();
  const edits = await decided()
    .select([
      sql<number>`coalesce(sum(words_changed), 0)::int`.as("changed"),
      sql<number>`coalesce(sum(words_total), 0)::int`.as("total"),
    ])
    .executeTakeFirstOrThrow();
  const of = (day: string, decision: string) =>
    Number(perDay.find((row) => row.day === day && row.decision === decision)?.count ?? 0);
  return {
    days: days.map((day) => ({
      day: dayView(day),
      approved: of(day, "approved"),
      edited: of(day, "edited_and_approved"),
      rejected: of(day, "rejected"),
    })),
    reasons: reasons.map(({ reason, count: times }) => ({
      reason: REJECT_REASONS[reason],
      count: Number(times),
    })),
    wordsChanged: edits.changed,
    wordsTotal: edits.total,
  };
}
