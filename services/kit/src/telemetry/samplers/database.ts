import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { METRICS } from "../metric-catalogue.ts";
import { counter, gauge } from "../metrics.ts";
import type { Sampler } from "../samples.ts";

const size = gauge(METRICS.databaseSize);
const connections = gauge(METRICS.databaseConnections);
const transactions = counter(METRICS.databaseTransactions);
const blocks = counter(METRICS.databaseBlocks);
const deadlocks = counter(METRICS.databaseDeadlocks);
const tempBytes = counter(METRICS.databaseTempBytes);

const HOLDS_MS = 15_000;

/** What Postgres counts about the service's own database, without rights that the service doesn't have. */
export function databaseSampler<DB>(db: Database<DB>): Sampler {
  const { service } = db;
  return {
    name: "database",
    holdsMs: HOLDS_MS,
    gauges: [size, connections],
    async take() {
      const row = await db.withSystem("measure the database", async (tx) => {
        const { rows } = await sql<Record<Figure, number>>`
          select pg_database_size(datid)::float8 as size, numbackends::float8 as connections,
            xact_commit::float8 as committed, xact_rollback::float8 as rolled_back, blks_hit::float8 as cached,
            blks_read::float8 as read, deadlocks::float8, temp_bytes::float8
          from pg_stat_database where datname = current_database()`.execute(tx);
        return rows[0];
      });
      if (!row) return;
      size.set({ service }, row.size);
      connections.set({ service }, row.connections);
      // Postgres counts since its own start: the sums are taken as they are.
      for (const each of [transactions, blocks, deadlocks, tempBytes]) each.reset();
      transactions.inc({ service, outcome: "committed" }, row.committed);
      transactions.inc({ service, outcome: "rolled_back" }, row.rolled_back);
      blocks.inc({ service, source: "cache" }, row.cached);
      blocks.inc({ service, source: "disk" }, row.read);
      deadlocks.inc({ service }, row.deadlocks);
      tempBytes.inc({ service }, row.temp_bytes);
    },
  };
}

type Figure =
  | "size"
  | "connections"
  | "committed"
  | "rolled_back"
  | "cached"
  | "read"
  | "deadlocks"
  | "temp_bytes";
