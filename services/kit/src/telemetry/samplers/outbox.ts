import { sql } from "kysely";
import { outboxOldestAge, outboxPending } from "../../data-metrics.ts";
import type { Database } from "../../db/database.ts";
import type { Sampler } from "../samples.ts";

const HOLDS_MS = 1_000;

/** What waits in a service's outbox. Every process looks, also one that stands by: the one that sends may be the one that is stuck. */
export function outboxSampler<DB>(db: Database<DB>): Sampler {
  const { service } = db;
  return {
    name: "outbox",
    holdsMs: HOLDS_MS,
    gauges: [outboxPending, outboxOldestAge],
    async take() {
      const rows = await db.withSystem("measure the outbox", async (tx) => {
        const found = await sql<{ pending: number; age: number }>`
          select count(*) as pending, coalesce(extract(epoch from now() - min(created_on)), 0)::float8 as age
          from kit.outbox where published_at is null`.execute(tx);
        return found.rows;
      });
      outboxPending.set({ service }, rows[0]?.pending ?? 0);
      outboxOldestAge.set({ service }, rows[0]?.age ?? 0);
    },
  };
}
