import type { Database, Logger } from "@leadmetrics/kit";
import type { RagDb } from "../db.ts";
import { type IngestDeps, ingest } from "./ingest.ts";
import { type Claim, claimFile, renewClaim } from "./lease.ts";

export interface IngestTunables {
  /** Files this process works on at once. */
  readonly concurrency: number;
  /** A killed worker's files are taken over after this, milliseconds. */
  readonly leaseMs: number;
  /** How often to look for files that nobody in this process announced, milliseconds. */
  readonly pollMs: number;
}

/** Processes files until stopped; on a stop, files in work are handed back. */
export function startIngest(
  deps: IngestDeps & { log: Logger },
  tunables: IngestTunables,
): () => Promise<void> {
  const stopping = new AbortController();
  const bell = new Bell();
  // An upload commits an event; that is the sign that there may be work.
  const unsubscribe = deps.db.onEventsCommitted(() => bell.ring());
  const lanes = Array.from({ length: tunables.concurrency }, () =>
    lane(deps, tunables, bell, stopping.signal),
  );
  return async () => {
    unsubscribe();
    stopping.abort(new Error("the service stops"));
    bell.ring();
    await Promise.all(lanes);
  };
}

async function lane(
  deps: IngestDeps & { log: Logger },
  tunables: IngestTunables,
  bell: Bell,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      const claim = await claimFile(deps.db, tunables.leaseMs);
      if (claim)
        await underLease(deps.db, claim, tunables.leaseMs, stop, (signal) => ingest(deps, claim, signal));
      else await bell.wait(tunables.pollMs);
    } catch (error) {
      if (!stop.aborted) deps.log.warn({ err: error }, "looking for files to process failed");
      await bell.wait(tunables.pollMs);
    }
  }
}

/** Keeps the lease while the work goes on; aborts the work when the lease is lost. */
async function underLease(
  db: Database<RagDb>,
  claim: Claim,
  leaseMs: number,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const renewal = setInterval(() => {
    renewClaim(db, claim, leaseMs).then(
      (ours) => ours || lost.abort(new Error("the claim was lost")),
      // The database may be back before the lease ends.
      () => undefined,
    );
  }, leaseMs / 3);
  try {
    await work(AbortSignal.any([stop, lost.signal]));
  } finally {
    clearInterval(renewal);
  }
}

/** Wakes everybody who waits. */
class Bell {
  #waiting = new Set<() => void>();

  ring(): void {
    for (const wake of this.#waiting) wake();
  }

  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }
}
