import { createHash } from "node:crypto";
import type { AuditRow } from "../db.ts";

/** The hash before a chain's first entry. */
export const GENESIS = "0".repeat(64);

type Hashed = Omit<AuditRow, "hash" | "id">;

/** SHA-256 over the previous hash and every field: what changes or goes missing shows in all that follow. */
export function hashOf(entry: Hashed): string {
  const fields = [
    entry.previous_hash,
    entry.chain,
    entry.sequence,
    entry.event_id,
    entry.action,
    entry.actor_kind,
    entry.actor_id,
    entry.entity_kind,
    entry.entity_ref,
    entry.summary,
    entry.trace_id,
    entry.request_id,
    entry.occurred_on.toISOString(),
  ];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

/** The last entry up to which a chain was found whole. */
export interface Link {
  readonly sequence: number;
  readonly hash: string;
}

/** What is wrong in a chain, and with which entry. */
export interface ChainProblem {
  readonly sequence: number;
  /** A sentence without its full stop. */
  readonly problem: string;
}

/** The first entry that doesn't fit its chain. Entries come in the order of their sequence. */
export function chainProblem(
  entries: readonly AuditRow[],
  from: Link = { sequence: 0, hash: GENESIS },
): ChainProblem | undefined {
  let { sequence, hash } = from;
  for (const entry of entries) {
    const expected = sequence + 1;
    const found = (problem: string) => ({ sequence: expected, problem: `entry ${expected} ${problem}` });
    if (entry.sequence > expected) return found("was removed");
    if (entry.sequence < expected)
      return { sequence: entry.sequence, problem: `entry ${entry.sequence} is there twice` };
    if (hashOf(entry) !== entry.hash)
      return found("was changed, moved or inserted: it doesn't have its own hash");
    if (entry.previous_hash !== hash)
      return found(`doesn't follow entry ${sequence}: one of the two was inserted, moved or replaced`);
    sequence = entry.sequence;
    hash = entry.hash;
  }
  return undefined;
}

/** What the record of a chain's end says against the end that was found. */
export function endProblem(end: Link, head: Link | undefined): ChainProblem | undefined {
  if (!head || end.sequence > head.sequence) return undefined;
  const first = end.sequence + 1;
  if (end.sequence < head.sequence)
    return {
      sequence: first,
      problem:
        first === head.sequence
          ? `entry ${first} was removed`
          : `entries ${first} to ${head.sequence} were removed`,
    };
  if (end.hash === head.hash) return undefined;
  return { sequence: end.sequence, problem: `entry ${end.sequence} is not the one that was written` };
}

/** The sequence of the first entry that doesn't fit its chain; 0 when all do. */
export function brokenAt(entries: readonly AuditRow[], from?: Link): number {
  return chainProblem(entries, from)?.sequence ?? 0;
}

/** Which thing an event is about: the first field that is a message with a ref, or names a ref. */
export function entityOf(action: string, fields: Record<string, unknown>): { kind: string; ref: string } {
  const kind = action.split(".")[1] ?? "";
  for (const value of Object.values(fields)) {
    if (typeof value === "object" && value !== null && "ref" in value && typeof value.ref === "string")
      return { kind, ref: value.ref };
  }
  const named = Object.entries(fields).find(
    ([name, value]) => name.endsWith("Ref") && typeof value === "string" && value !== "",
  );
  return { kind, ref: named ? String(named[1]) : "" };
}

/** Characters of an entry's summary. */
const MAX_SUMMARY = 1_000;

/** A summary as it can be stored. Cut in the middle of an emoji it would come back as another text, and break its chain. */
export function shortened(summary: string): string {
  return summary.slice(0, MAX_SUMMARY).toWellFormed();
}
