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

/** The sequence of the first entry that doesn't fit its chain; 0 when all do. Entries come in order. */
export function brokenAt(
  entries: readonly AuditRow[],
  from: { sequence: number; hash: string } = { sequence: 0, hash: GENESIS },
): number {
  let { sequence, hash } = from;
  for (const entry of entries) {
    if (entry.sequence !== sequence + 1 || entry.previous_hash !== hash || hashOf(entry) !== entry.hash)
      return sequence + 1;
    sequence = entry.sequence;
    hash = entry.hash;
  }
  return 0;
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
