import { type Database, gauge, METRICS, type Sampler } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { TenancyDb } from "../db.ts";

const age = gauge(METRICS.tenantWorkAge);

const HOLDS_MS = 15_000;

/** How long the oldest deletion that is due and the oldest export that isn't made have been so. */
export function tenantWorkSampler(db: Database<TenancyDb>): Sampler {
  return {
    name: "tenant-work",
    holdsMs: HOLDS_MS,
    gauges: [age],
    async take() {
      const { rows } = await db.withSystem("measure deletions and exports", (tx) =>
        // Before the grace period begins, everything has to be counted; that isn't waiting.
        sql<{ deletion: number; export: number }>`
          select
            coalesce((select extract(epoch from now() - min(case status when 'requested' then requested_on else erase_after end))
              from tenant_deletion where status not in ('finished', 'cancelled')
                and (status = 'requested' or erase_after <= now())), 0)::float8 as deletion,
            coalesce((select extract(epoch from now() - min(requested_on))
              from tenant_export where status = 'working'), 0)::float8 as export`.execute(tx),
      );
      age.set({ work: "deletion" }, rows[0]?.deletion ?? 0);
      age.set({ work: "export" }, rows[0]?.export ?? 0);
    },
  };
}
