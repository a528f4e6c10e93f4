import { type Database, newId, type Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AuditRow, TenancyDb } from "../db.ts";
import type { AuditTrail, NewEntry } from "./port.ts";
import { GENESIS, hashOf } from "./rules.ts";

/** The trail in the service's own database: policies show a tenant its own chain, nobody may change a row. */
export function postgresTrail(db: Database<TenancyDb>): AuditTrail {
  return {
    name: "Postgres",
    append: (entry) => db.withSystem("append to the audit trail", (tx) => append(tx, entry)),
    list: (ctx, query) =>
      db.withTenant(
        ctx,
        async (tx) => {
          let wanted = tx
            .selectFrom("audit_entry")
            .selectAll()
            .where("chain", "=", query.chain)
            .orderBy("sequence", "desc")
            .limit(query.limit);
          if (query.before > 0) wanted = wanted.where("sequence", "<", query.before);
          if (query.entityRef) wanted = wanted.where("entity_ref", "=", query.entityRef);
          if (query.traceId) wanted = wanted.where("trace_id", "=", query.traceId);
          return wanted.execute();
        },
        { readOnly: true },
      ),
    from: (ctx, chain, after, limit) =>
      db.withTenant(
        ctx,
        (tx) =>
          tx
            .selectFrom("audit_entry")
            .selectAll()
            .where("chain", "=", chain)
            .where("sequence", ">", after)
            .orderBy("sequence")
            .limit(limit)
            .execute(),
        { readOnly: true },
      ),
    close: async () => {},
  };
}

async function append(tx: Tx<TenancyDb>, entry: NewEntry): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${entry.chain}, 0))`.execute(tx);
  const known = await tx
    .selectFrom("audit_entry")
    .select("id")
    .where("event_id", "=", entry.event_id)
    .executeTakeFirst();
  if (known) return;
  const last: Pick<AuditRow, "sequence" | "hash"> | undefined = await tx
    .selectFrom("audit_entry")
    .select(["sequence", "hash"])
    .where("chain", "=", entry.chain)
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  const row = { ...entry, sequence: (last?.sequence ?? 0) + 1, previous_hash: last?.hash ?? GENESIS };
  await tx
    .insertInto("audit_entry")
    .values({ ...row, id: newId(), hash: hashOf(row) })
    .execute();
}
