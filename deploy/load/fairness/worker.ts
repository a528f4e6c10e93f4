import { setTimeout as pause } from "node:timers/promises";
import type { AgentsDb } from "@leadmetrics/agents/src/db.ts";
import { jobsOf, readJob } from "@leadmetrics/agents/src/runs/jobs.ts";
import { claim, finish, later } from "@leadmetrics/agents/src/runs/store.ts";
import { signalsOver } from "@leadmetrics/agents/src/signals.ts";
import { TUNABLES } from "@leadmetrics/agents/src/tunables.ts";
import { type Database, type Nats, newId, systemCtx } from "@leadmetrics/kit";

export interface SlotsOptions {
  readonly db: Database<AgentsDb>;
  readonly nats: Nats;
  readonly slots: number;
  /** Milliseconds the next job takes. */
  readonly jobMs: () => number;
}

/** Group of the runs that are measured. */
export const GROUP = "llm";

/**
 * A worker as the pool of agents is one (takes a job, claims the run, ends it, says so), whose work is waiting: how long a
 * run takes is then known, and only its turn is measured.
 */
export function startSlots({ db, nats, slots, jobMs }: SlotsOptions): {
  done(): number;
  stop(): Promise<void>;
} {
  const worker = newId();
  const signals = signalsOver(nats);
  let stopping = false;
  let done = 0;

  const seen = () =>
    db.global((tx) =>
      tx
        .insertInto("agent_worker")
        .values({ id: worker, work_group: GROUP, slots })
        .onConflict((conflict) => conflict.columns(["id", "work_group"]).doUpdateSet({ seen_on: later(0) }))
        .execute(),
    );
  const slot = async () => {
    const queue = await jobsOf(nats, GROUP);
    while (!stopping) {
      const message = await queue.next({ expires: 1_000 });
      const job = message && readJob(message);
      if (!job) continue;
      const ctx = systemCtx("benchmark worker", { tenantId: job.tenantId });
      const run = await db.withTenant(ctx, (tx) => claim(tx, job, worker, TUNABLES.leaseMs));
      message.ack();
      signals.wake();
      if (!run) continue;
      await pause(jobMs());
      await db.withTenant(ctx, (tx) => finish(tx, run, { status: "succeeded" }));
      done += 1;
      signals.wake();
    }
  };
  const working = seen().then(() => {
    signals.wake();
    return Promise.all(Array.from({ length: slots }, slot));
  });
  const beat = setInterval(() => void seen().catch(() => undefined), TUNABLES.worker.seenMs);
  return {
    done: () => done,
    async stop() {
      stopping = true;
      clearInterval(beat);
      await working;
    },
  };
}
