import { setTimeout as pause } from "node:timers/promises";
import { failpoint, type Logger, type Nats, newId } from "@leadmetrics/kit";
import type { JsMsg } from "@nats-io/jetstream";
import { jobsOf, readJob } from "../runs/jobs.ts";
import type { WorkGroup } from "../runs/rules.ts";
import { later } from "../runs/store.ts";
import { TUNABLES } from "../tunables.ts";
import { claimRun, executeRun, type WorkDeps } from "./execute.ts";
import { Stopped } from "./recorder.ts";

export interface PoolOptions {
  readonly nats: Nats;
  readonly log: Logger;
  /** Runs at once, by group. */
  readonly slots: Partial<Record<WorkGroup, number>>;
}

export interface Pool {
  /** Takes nothing new, lets runs go on for `drainMs`, hands over what is not done then. */
  stop(drainMs?: number): Promise<void>;
}

/** Works on runs: every slot asks for a job, does it, asks again. */
export function startPool(deps: WorkDeps, { nats, log, slots }: PoolOptions): Pool {
  const worker = newId();
  const stopping = new AbortController();
  const working = new Map<string, AbortController>();
  const groups = Object.entries(slots) as [WorkGroup, number][];

  const unsubscribe = deps.signals.onCancelled((runId) => working.get(runId)?.abort(new Stopped("lost")));
  const seen = () =>
    deps.db
      .global((tx) =>
        tx
          .insertInto("agent_worker")
          .values(groups.map(([work_group, count]) => ({ id: worker, work_group, slots: count })))
          .onConflict((conflict) => conflict.columns(["id", "work_group"]).doUpdateSet({ seen_on: later(0) }))
          .execute(),
      )
      .catch((error: unknown) => log.warn({ err: error }, "the worker could not say that it is alive"));
  const first = seen().then(() => deps.signals.wake());
  const beat = setInterval(() => void seen(), TUNABLES.worker.seenMs);

  const take = async (message: JsMsg): Promise<void> => {
    const job = readJob(message);
    if (!job) {
      log.error({ subject: message.subject }, "a message in the work queue is no job");
      message.term();
      return;
    }
    const run = await claimRun(deps, job, worker);
    failpoint("agents.run.claimed");
    // From here on the lease in the database says whose run it is.
    message.ack();
    deps.signals.wake();
    if (!run) return;
    const stop = new AbortController();
    working.set(run.id, stop);
    try {
      await executeRun(deps, run, stop);
    } finally {
      working.delete(run.id);
    }
  };

  const slot = async (group: WorkGroup): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const queue = await jobsOf(nats, group);
        while (!stopping.signal.aborted) {
          const message = await nextUnless(stopping.signal, queue.next({ expires: TUNABLES.worker.pullMs }));
          if (message) await take(message);
        }
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.warn({ err: error, group }, "no job could be taken, trying again");
        await pause(TUNABLES.worker.recoverMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const done = first.then(() =>
    Promise.all(groups.flatMap(([group, count]) => Array.from({ length: count }, () => slot(group)))),
  );

  return {
    async stop(drainMs = TUNABLES.worker.drainMs) {
      stopping.abort();
      clearInterval(beat);
      await deps.db
        .global((tx) => tx.deleteFrom("agent_worker").where("id", "=", worker).execute())
        .catch(() => undefined);
      const waited = new AbortController();
      await Promise.race([done, pause(drainMs, undefined, { signal: waited.signal }).catch(() => undefined)]);
      waited.abort();
      for (const stop of working.values()) stop.abort(new Stopped("shutdown"));
      await done;
      unsubscribe();
    },
  };
}

/** The next message; one that comes after the stop goes to another worker at once. */
async function nextUnless(stop: AbortSignal, next: Promise<JsMsg | null>): Promise<JsMsg | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const first = await Promise.race([next, stopped]);
  if (first && !stop.aborted) return first;
  if (stop.aborted) void next.then((late) => late?.nak()).catch(() => undefined);
  return undefined;
}
