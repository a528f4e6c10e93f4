import type { Database, Logger } from "@leadmetrics/kit";
import type { AgentsDb, RunRow } from "../db.ts";
import { ROLES } from "../roles/index.ts";
import { WORK_GROUPS, type WorkGroup } from "../runs/rules.ts";
import type { Signals } from "../signals.ts";
import { TUNABLES } from "../tunables.ts";
import { type AdmissionDeps, admitRun } from "./admission.ts";
import { freeCapacity, pickFair } from "./rules.ts";
import { activeByRole, candidatesOf, capacityOf, hold, loadsOf } from "./store.ts";

const ROLE_LIMITS = new Map(
  ROLES.flatMap((role) => (role.concurrency === undefined ? [] : [[role.name, role.concurrency] as const])),
);
const CREDITS = Object.fromEntries(ROLES.map((role) => [role.name, role.credits]));

/**
 * Fills the workers' queue, fairly and no fuller than they can soon work off. Any number of replicas may run: a run is in
 * one's hands at a time.
 */
export function startDispatcher(deps: AdmissionDeps, signals: Signals, log: Logger): () => Promise<void> {
  const admissions = new Set<Promise<void>>();
  let stopping = false;
  let wake: () => void = () => {};
  let woken = false;
  const unsubscribe = signals.onWake(() => {
    woken = true;
    wake();
  });

  const round = async (): Promise<number> => {
    let taken = 0;
    for (const group of WORK_GROUPS) {
      for (const run of await takeFair(deps.db, group)) {
        taken += 1;
        const admission = admitRun(deps, run)
          .catch((error: unknown) =>
            log.error({ err: error }, "an admission failed; the run is taken up again"),
          )
          .finally(() => admissions.delete(admission));
        admissions.add(admission);
      }
    }
    return taken;
  };

  const loop = (async () => {
    while (!stopping) {
      woken = false;
      try {
        await round();
      } catch (error) {
        log.warn({ err: error }, "the run queue could not be looked at");
      }
      if (stopping || woken) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, TUNABLES.dispatch.pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();

  return async () => {
    stopping = true;
    unsubscribe();
    wake();
    await loop;
    await Promise.all(admissions);
  };
}

/** The next runs of a group, now in this dispatcher's hands: two statements when there is nothing to do, five otherwise. */
async function takeFair(db: Database<AgentsDb>, group: WorkGroup): Promise<RunRow[]> {
  const { depthPerSlot, tenantActive, holdMs } = TUNABLES.dispatch;
  return db.withSystem("dispatch", async (tx) => {
    const { slots, queued } = await capacityOf(tx, group, TUNABLES.worker.goneMs);
    const free = freeCapacity(slots, queued, depthPerSlot);
    if (free === 0) return [];
    const waiting = await candidatesOf(tx, group, free);
    if (waiting.length === 0) return [];
    const loads = await loadsOf(tx, [...new Set(waiting.map((run) => run.tenantId))]);
    const roles = { active: await activeByRole(tx, group), limits: ROLE_LIMITS };
    const picked = pickFair(waiting, loads, free, tenantActive, roles).map((run) => run.id);
    return picked.length === 0 ? [] : hold(tx, picked, holdMs, CREDITS);
  });
}
