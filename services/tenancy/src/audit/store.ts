import { newId, type Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AuditRow, TenancyDb } from "../db.ts";
import { GENESIS, hashOf } from "./rules.ts";

/** The chain of what belongs to no tenant. */
export const PLATFORM_CHAIN = "00000000-0000-0000-0000-000000000000";

export type NewEntry = Omit<AuditRow, "id" | "sequence" | "previous_hash" | "hash">;

/** Appends to a chain; writers of one chain take turns. An event that has its entry already is left alone. */
export async function append(tx: Tx<TenancyDb>, entry: NewEntry): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${entry.chain}, 0))`.execute(tx);
  const known = await tx
    .selectFrom("audit_entry")
    .select("id")
    .where("event_id", "=", entry.event_id)
    .executeTakeFirst();
  if (known) return;
  const last = await tx
    .selectFrom("audit_entry")
    .select(["sequence", "hash"])
    .where("chain", "=", entry.chain)
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  const row = { ...entry, sequence: Number(last?.sequence ?? 0) + 1, previous_hash: last?.hash ?? GENESIS };
  await tx
    .insertInto("audit_entry")
    .values({ ...row, id: newId(), hash: hashOf(row) })
    .execute();
}

/** A chain's entries from a sequence on, in order. */
export async function entriesFrom(
  tx: Tx<TenancyDb>,
  chain: string,
  after: number,
  limit: number,
): Promise<AuditRow[]> {
  const rows = await tx
    .selectFrom("audit_entry")
    .selectAll()
    .where("chain", "=", chain)
    .where("sequence", ">", after)
    .orderBy("sequence")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
}
