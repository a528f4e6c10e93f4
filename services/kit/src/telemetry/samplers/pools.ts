import type pg from "pg";
import { poolConnections, poolSize, poolWait, poolWaiting } from "../../data-metrics.ts";
import type { Sampler } from "../samples.ts";

type PoolName = "app" | "system" | "platform";

export function poolSampler(pools: Readonly<Record<PoolName, pg.Pool>>): Sampler {
  const all = Object.entries(pools);
  return {
    name: "pools",
    holdsMs: 0,
    gauges: [poolConnections, poolSize, poolWaiting],
    take() {
      for (const [pool, { totalCount, idleCount, waitingCount, options }] of all) {
        poolSize.set({ pool }, options.max);
        poolWaiting.set({ pool }, waitingCount);
        poolConnections.set({ pool, state: "idle" }, idleCount);
        poolConnections.set({ pool, state: "in_use" }, totalCount - idleCount);
      }
    },
  };
}

const names = new WeakMap<pg.Pool, PoolName>();

export function namePools(pools: Readonly<Record<PoolName, pg.Pool>>): void {
  for (const name of ["app", "system", "platform"] as const) names.set(pools[name], name);
}

/** A client of the pool; the wait is measured where there is one. */
export async function checkOut(pool: pg.Pool): Promise<pg.PoolClient> {
  if (pool.idleCount > 0) return pool.connect();
  const end = poolWait.startTimer({ pool: names.get(pool) ?? "app" });
  try {
    return await pool.connect();
  } finally {
    end();
  }
}
