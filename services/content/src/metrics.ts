import { counter, type Database, gauge, METRICS, onCommit, type Sampler, type Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { ActivityRow, ContentDb, PublicationRow } from "./db.ts";

const moves = counter(METRICS.activityMoves);
const attempts = counter(METRICS.publications);
const activities = gauge(METRICS.activities);
const stuck = gauge(METRICS.activitiesStuck);
const publications = gauge(METRICS.publicationsOpen);
const unconfirmedAge = gauge(METRICS.unconfirmedAge);
const channels = gauge(METRICS.channels);
const atRisk = gauge(METRICS.slotsAtRisk);

const HOLDS_MS = 15_000;
/** How far ahead a slot is looked at: long enough for a client to connect the channel anew. */
const AHEAD_HOURS = 48;

/** Counts a change of an activity's state once it is committed. */
export function activityMoved(tx: Tx<ContentDb>, { content_type, status }: ActivityRow): void {
  onCommit(tx, () => moves.inc({ content_type, status }));
}

/** Counts what became of an attempt to publish, once it is committed; states on the way count for nothing. */
export function publicationSettled(tx: Tx<ContentDb>, { status: outcome }: PublicationRow): void {
  if (outcome === "confirmed" || outcome === "unconfirmed" || outcome === "failed")
    onCommit(tx, () => attempts.inc({ outcome }));
}

type Why = "nobody_owes" | "past_promise";

/** Where work stands: activities, publications, the channels they need. */
export function contentSampler(db: Database<ContentDb>): Sampler {
  return {
    name: "content",
    holdsMs: HOLDS_MS,
    gauges: [activities, stuck, publications, unconfirmedAge, channels, atRisk],
    async take() {
      const seen = await db.withSystem("measure activities and publications", async (tx) => ({
        activities: await sql<{ status: string; owed_by: string; count: number; late: number }>`
          select status, owed_by, count(*) as count, count(*) filter (where promised_on < now()) as late
          from activity where status not in ('published', 'cancelled') group by status, owed_by`.execute(tx),
        publications: await sql<{ status: string; count: number; age: number }>`
          select status, count(*) as count, extract(epoch from now() - min(updated_on))::float8 as age
          from publication where status in ('prepared', 'sending', 'accepted', 'unconfirmed') group by status`.execute(
          tx,
        ),
        channels: await sql<{ kind: string; status: string; count: number }>`
          select kind, status, count(*) as count from channel group by kind, status`.execute(tx),
        atRisk: await sql<{ status: string; slots: number }>`
          select c.status, count(*) as slots from publication p join channel c on c.id = p.channel_id
          where p.status = 'prepared' and p.next_try < now() + ${AHEAD_HOURS} * interval '1 hour'
            and c.status <> 'connected' group by c.status`.execute(tx),
      }));
      for (const each of [activities, stuck, publications, unconfirmedAge, channels, atRisk]) each.reset();
      const waiting: Record<Why, number> = { nobody_owes: 0, past_promise: 0 };
      for (const { status, owed_by, count, late } of seen.activities.rows) {
        activities.set({ status, owed_by }, count);
        // Approved content without a channel is done: nobody owes anything.
        if (owed_by === "nobody" && status !== "approved") waiting.nobody_owes += count;
        waiting.past_promise += late;
      }
      stuck.set({ why: "nobody_owes" }, waiting.nobody_owes);
      stuck.set({ why: "past_promise" }, waiting.past_promise);
      for (const { status, count } of seen.publications.rows) publications.set({ status }, count);
      unconfirmedAge.set(seen.publications.rows.find(({ status }) => status === "unconfirmed")?.age ?? 0);
      for (const { kind, status, count } of seen.channels.rows)
        channels.set({ channel: kind, status }, count);
      for (const why of ["expired", "unreachable", "disconnected"] as const)
        atRisk.set({ why }, seen.atRisk.rows.find(({ status }) => status === why)?.slots ?? 0);
    },
  };
}
