import { sql } from "kysely";
import type { Database } from "../db/database.ts";

/**
 * Sends published events again, from a moment on: the answer to a broker that lost what it had acknowledged. Message
 * and event ids stay the same, so the broker drops what it still has and consumers skip what they have done.
 *
 * @returns how many events will be sent again; at most those of the last 72 hours are there
 */
export function replayOutbox<DB>(db: Database<DB>, from: Date): Promise<number> {
  return db.withSystem("outbox: replay", async (tx) => {
    const result = await sql`
      update kit.outbox set published_at = null where published_at is not null and created_on >= ${from}`.execute(
      tx,
    );
    return Number(result.numAffectedRows ?? 0n);
  });
}
