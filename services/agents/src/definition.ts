import { type ServiceDefinition, tenantRecords } from "@leadmetrics/kit";
import { budgetsService } from "./budgets/rpc.ts";
import type { AgentsConfig } from "./config.ts";
import type { AgentsDb } from "./db.ts";
import { startDispatcher } from "./dispatch/dispatcher.ts";
import { runFiguresService } from "./figures/rpc.ts";
import { partsOf } from "./parts.ts";
import { pausesService } from "./pauses/rpc.ts";
import { intakeConsumers } from "./runs/intake.ts";
import { reconcileSchedule } from "./runs/reconcile.ts";
import { runsService } from "./runs/rpc.ts";
import { fallbacksService } from "./settings/fallbacks.ts";
import { settingsServices } from "./settings/rpc.ts";
import { skillsService } from "./skills/rpc.ts";
import { zonesSchedule } from "./tenants/zones.ts";
import { runSampler } from "./work/metrics.ts";
import { startPool } from "./work/pool.ts";

type Definition = ServiceDefinition<AgentsDb, AgentsConfig>;
type Parts = Omit<Definition, "config">;

export const migrations = new URL("../migrations/", import.meta.url);

/** The process that is asked, admits runs and watches over them; works on runs itself where WORKER_GROUPS says so. */
export const service: Parts = {
  name: "agents",
  migrations,
  rpc: (deps) => {
    const parts = partsOf(deps);
    return [
      runsService(parts.db, parts.credits, parts.signals),
      runFiguresService(parts.db),
      pausesService(parts.db, parts.signals),
      budgetsService(parts.db, parts.signals),
      fallbacksService(parts, parts.signals),
      skillsService(parts.db, parts.material, deps.rpc),
      ...settingsServices(parts, parts.signals),
      tenantRecords({ db: parts.db }),
    ];
  },
  consumers: (deps) => intakeConsumers(partsOf(deps).signals),
  schedules: (deps) => [reconcileSchedule(partsOf(deps)), zonesSchedule(deps)],
  samplers: ({ db }) => [runSampler(db)],
  start: async (deps) => {
    const parts = partsOf(deps);
    const stopDispatcher = startDispatcher(parts, parts.signals, deps.log);
    const pool = Object.keys(parts.slots).length > 0 ? startPool(parts, parts) : undefined;
    return async () => {
      await Promise.all([stopDispatcher(), pool?.stop()]);
    };
  },
};

/** A process that only works on runs; any number of them. */
export const worker: Parts = {
  name: "agents",
  migrations,
  relay: false,
  start: async (deps) => {
    const parts = partsOf(deps);
    const pool = startPool(parts, parts);
    return () => pool.stop();
  },
};
