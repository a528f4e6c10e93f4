import { type Database, type Id, newId, type TenantCtx, type TenantId } from "@leadmetrics/kit";
import { type RawBuilder, sql } from "kysely";
import type { RagDb } from "./db.ts";

/** Tables whose rows are worked on by one worker at a time. */
export type LeasedTable = "crawl_job" | "file";

/** One worker's right to work on one row, until the lease ends without being renewed. */
export interface Claim {
  readonly id: Id;
  readonly tenantId: TenantId;
  readonly token: Id;
  /** Takeovers, this one included, since something was stored. */
  readonly attempts: number;
}

/** Thrown by a worker's write after it has lost its claim: it must stop, somebody else is responsible now. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

/** Who goes first among what is due; `due` is the table's alias. */
const ORDER: Readonly<Record<LeasedTable, RawBuilder<unknown>>> = {
  crawl_job: sql`next_attempt_on`,
  // The tenant that has the fewest in work.
  file: sql`(select count(*) from file busy where busy.tenant_id = due.tenant_id and busy.lease_until > now()), next_attempt_on`,
};

/** Takes what is due and nobody works on; undefined when nothing is. */
export async function claimDue(
  db: Database<RagDb>,
  table: LeasedTable,
  leaseMs: number,
): Promise<Claim | undefined> {
  const token = newId();
  return db.withSystem(`${table}: claim`, async (tx) => {
    const { rows } = await sql<{ id: Id; tenant_id: TenantId; attempts: number }>`
      update ${sql.table(table)} set lease_token = ${token}, attempts = attempts + 1,
        lease_until = now() + ${leaseMs} * interval '1 millisecond'
      where id = (
        select id from ${sql.table(table)} due where next_attempt_on <= now() and (lease_until is null or lease_until < now())
        order by ${ORDER[table]} limit 1 for update skip locked)
      returning id, tenant_id, attempts`.execute(tx);
    const row = rows[0];
    return row && { id: row.id, tenantId: row.tenant_id, token, attempts: row.attempts };
  });
}

/** False when the claim is lost: the row is gone or was ended, or another worker took over. */
export async function renew(
  db: Database<RagDb>,
  table: LeasedTable,
  { id, token }: Claim,
  leaseMs: number,
): Promise<boolean> {
  return db.withSystem(`${table}: renew`, async (tx) => {
    const { numAffectedRows } = await sql`
      update ${sql.table(table)} set lease_until = now() + ${leaseMs} * interval '1 millisecond'
      where id = ${id} and lease_token = ${token}`.execute(tx);
    return numAffectedRows === 1n;
  });
}

/** What every write on behalf of a claim says beside its own. */
export const byWorker = (ctx: TenantCtx) => ({
  updated_by: ctx.actor.id,
  updated_on: sql<Date>`now()`,
  version: sql<number>`version + 1`,
});

/** The row a worker has written. @throws ClaimLost when there was none to write any more */
export function ownRow<R>(row: R | undefined, what: string, { id }: Claim): R {
  if (!row) throw new ClaimLost(`${what} ${id} is no longer this worker's`);
  return row;
}
