import type { Logger } from "@leadmetrics/kit";
import { startLanes } from "../lanes.ts";
import { claimDue, renew } from "../lease.ts";
import { type CrawlDeps, crawl } from "./crawl.ts";

export interface CrawlTunables {
  /** Sites this process reads at once. */
  readonly concurrency: number;
  /** A killed worker's crawls are taken over after this, milliseconds. */
  readonly leaseMs: number;
  /** How often to look for crawls that nobody in this process announced, milliseconds. */
  readonly pollMs: number;
}

/** Reads websites until stopped; on a stop, crawls in work are handed back. */
export function startCrawls(deps: CrawlDeps & { log: Logger }, tunables: CrawlTunables): () => Promise<void> {
  return startLanes(deps, {
    what: "websites to read",
    ...tunables,
    claim: () => claimDue(deps.db, "crawl_job", tunables.leaseMs),
    renew: (claim) => renew(deps.db, "crawl_job", claim, tunables.leaseMs),
    work: (claim, signal) => crawl(deps, claim, signal),
  });
}
