import { sql } from "kysely";
import type { Database } from "../db/database.ts";

/** Rows made ready in one transaction: a day's events don't fit one statement's time. */
const BATCH = 5_000;

/** What {@link replayOutbox} would send. */
export interface Replayable {
  readonly events: number;
  /** When the first and the last of them happened. */
  readonly first: Date | undefined;
  readonly last: Date | undefined;
}

/** Counts what was sent from a moment on and is still kept; changes nothing. */
export function countReplayable<DB>(db: Database<DB>, from: Date): Promise<Replayable> {
  return db.withSystem("outbox: count what can be replayed", async (tx) => {
    const { rows } = await sql<{ events: number; first: Date | null; last: Date | null }>`
      select count(*) as events, min(created_on) as first, max(created_on) as last
      from kit.outbox where published_at >= ${from}`.execute(tx);
    const [found] = rows;
    return { events: found?.events ?? 0, first: found?.first ?? undefined, last: found?.last ?? undefined };
  });
}

/**
 * Sends again what the broker acknowledged from a moment on: the answer to a broker that lost it. Message and event ids
 * stay the same, so the broker drops what it still has and consumers skip what they have done. Events that were refused
 * and wait for their next try (a broker without streams refuses all) are tried at once.
 *
 * @returns how many events will be sent again; at most those of the last 72 hours are there
 */
export async function replayOutbox<DB>(db: Database<DB>, from: Date): Promise<number> {
  let replayed = 0;
  // In their order, and each once: what the relay sends meanwhile has a new time of sending.
  let after = 0;
  for (;;) {
    const batch = await db.withSystem("outbox: replay", async (tx) => {
      const { rows } = await sql<{ seq: number }>`
        update kit.outbox set published_at = null, not_before = null where id in (
          select id from kit.outbox where published_at >= ${from} and seq > ${after} order by seq limit ${BATCH})
        returning seq`.execute(tx);
      return rows.map((row) => row.seq);
    });
    if (batch.length === 0) break;
    replayed += batch.length;
    after = batch.reduce((most, seq) => Math.max(most, seq), after);
  }
  await db.withSystem("outbox: try again now", (tx) =>
    sql`update kit.outbox set not_before = null where published_at is null and not_before > now()`.execute(
      tx,
    ),
  );
  return replayed;
}
