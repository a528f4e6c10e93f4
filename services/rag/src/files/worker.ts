import type { Logger } from "@leadmetrics/kit";
import { startLanes } from "../lanes.ts";
import { claimDue, renew } from "../lease.ts";
import { type IngestDeps, ingest } from "./ingest.ts";

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
  return startLanes(deps, {
    what: "files to process",
    ...tunables,
    claim: () => claimDue(deps.db, "file", tunables.leaseMs),
    renew: (claim) => renew(deps.db, "file", claim, tunables.leaseMs),
    work: (claim, signal) => ingest(deps, claim, signal),
  });
}
