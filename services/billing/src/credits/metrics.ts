import { counter, METRICS, onCommit, type TenantTx } from "@leadmetrics/kit";
import type { BillingDb } from "../db.ts";
import type { EntryKind, Postings } from "./rules.ts";

const booked = counter(METRICS.credits);

/** Counts a transaction of the ledger once it is committed: what a settlement spent, of the others what they moved. */
export function creditsBooked(tx: TenantTx<BillingDb>, kind: EntryKind, postings: Postings): void {
  const moved = kind === "settle" ? (postings.spent ?? 0) : (postings.available ?? 0);
  onCommit(tx, () => booked.inc({ kind }, Math.abs(moved)));
}
