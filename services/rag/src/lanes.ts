import type { Database, Logger } from "@leadmetrics/kit";

/** Work that is claimed under a lease. */
export interface Lanes<C> {
  /** What is looked for, for the log: "files to process". */
  readonly what: string;
  /** Pieces this process works on at once. */
  readonly concurrency: number;
  /** A killed worker's work is taken over after this, milliseconds. */
  readonly leaseMs: number;
  /** How often to look for work that nobody in this process announced, milliseconds. */
  readonly pollMs: number;
  /** Undefined when nothing is due. */
  readonly claim: () => Promise<C | undefined>;
  /** False when the claim is lost. */
  readonly renew: (claim: C) => Promise<boolean>;
  /** Never throws; stops when the signal aborts. */
  readonly work: (claim: C, signal: AbortSignal) => Promise<void>;
}

/** Works until stopped; on a stop, what is in work is handed back. */
export function startLanes<C, DB>(
  { db, log }: { readonly db: Database<DB>; readonly log: Logger },
  lanes: Lanes<C>,
): () => Promise<void> {
  const stopping = new AbortController();
  const bell = new Bell();
  // Whoever makes work commits an event; that is the sign that there may be some.
  const unsubscribe = db.onEventsCommitted(() => bell.ring());
  const running = Array.from({ length: lanes.concurrency }, () => lane(log, lanes, bell, stopping.signal));
  return async () => {
    unsubscribe();
    stopping.abort(new Error("the service stops"));
    bell.ring();
    await Promise.all(running);
  };
}

async function lane<C>(log: Logger, lanes: Lanes<C>, bell: Bell, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      const claim = await lanes.claim();
      if (claim) await underLease(lanes, claim, stop);
      else await bell.wait(lanes.pollMs);
    } catch (error) {
      if (!stop.aborted) log.warn({ err: error }, `looking for ${lanes.what} failed`);
      await bell.wait(lanes.pollMs);
    }
  }
}

/** Keeps the lease while the work goes on; aborts the work when the lease is lost. */
async function underLease<C>(lanes: Lanes<C>, claim: C, stop: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const renewal = setInterval(() => {
    lanes.renew(claim).then(
      (ours) => ours || lost.abort(new Error("the claim was lost")),
      // The database may be back before the lease ends.
      () => undefined,
    );
  }, lanes.leaseMs / 3);
  try {
    await lanes.work(claim, AbortSignal.any([stop, lost.signal]));
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
