import { asTenantId, fromRef, type Id, systemCtx, toRef } from "@leadmetrics/kit";
import { type AuditTrail, PLATFORM_CHAIN } from "./port.ts";
import { chainProblem, endProblem, GENESIS, type Link } from "./rules.ts";

/** Entries verified at a time. */
const BATCH = 1_000;

/** What a chain is called outside when it is nobody's. */
const PLATFORM = "platform";

/** What recomputing a chain has shown. */
export interface VerifiedChain {
  /** Entries that fit, from the first on. */
  readonly entries: number;
  readonly headHash: string;
  /** The first entry that doesn't fit; 0 when all do. */
  readonly brokenAt: number;
  readonly problem: string;
}

/** Recomputes one chain from its first entry on. */
export async function verifyChain(trail: AuditTrail, chain: string): Promise<VerifiedChain> {
  const ctx = systemCtx("verify the audit trail", { tenantId: asTenantId(chain as Id) });
  // Before the entries: those that are added meanwhile are beyond it.
  const head = await trail.head(chain);
  let at: Link = { sequence: 0, hash: GENESIS };
  for (;;) {
    const batch = await trail.from(ctx, chain, at.sequence, BATCH);
    const problem =
      chainProblem(batch, at) ??
      headProblem(batch, head) ??
      (batch.length === 0 ? endProblem(at, head) : undefined);
    if (problem)
      return {
        entries: problem.sequence - 1,
        headHash: at.hash,
        brokenAt: problem.sequence,
        problem: problem.problem,
      };
    const last = batch.at(-1);
    if (!last) return { entries: at.sequence, headHash: at.hash, brokenAt: 0, problem: "" };
    at = { sequence: last.sequence, hash: last.hash };
  }
}

/** A chain that was made anew fits in itself, but not the record of what was its end. */
function headProblem(batch: readonly Link[], head: Link | undefined) {
  const end = head && batch.find(({ sequence }) => sequence === head.sequence);
  return end && endProblem(end, head);
}

/** `platform` or a tenant's ref, as people name a chain. */
export function chainRef(chain: string): string {
  return chain === PLATFORM_CHAIN ? PLATFORM : toRef(chain as Id);
}

/** @throws NOT_FOUND when it is neither */
export function chainOf(ref: string): string {
  return ref === PLATFORM ? PLATFORM_CHAIN : fromRef(ref);
}
