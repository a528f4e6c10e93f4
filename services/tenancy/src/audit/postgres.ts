import { type Database, newId, type Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AuditRow, TenancyDb } from "../db.ts";
import type { AuditTrail, NewEntry } from "./port.ts";
import { GENESIS, hashOf } from "./rules.ts";

/** Entries of a chain that are written with one statement. */
const APPEND_BATCH = 100;

/** The trail in the service's own database: policies show a tenant its own chain, nobody may change a row. */
export function postgresTrail(db: Database<TenancyDb>): AuditTrail {
  const appends = new Map<string, Appends>();

  async function write(chain: string, own: Appends): Promise<void> {
    while (own.waiting.length > 0) {
      const batch = own.waiting.splice(0, APPEND_BATCH);
      try {
        const entries = batch.map(({ entry }) => entry);
        await db.withSystem("append to the audit trail", (tx) => append(tx, chain, entries));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    appends.delete(chain);
  }

  return {
    name: "Postgres",
    // Entries that wait while others of their chain are written go into it together.
    append: (entry) =>
      new Promise((done, failed) => {
        const own = appends.get(entry.chain);
        if (own) {
          own.waiting.push({ entry, done, failed });
          return;
        }
        const first: Appends = { waiting: [{ entry, done, failed }] };
        appends.set(entry.chain, first);
        setImmediate(() => void write(entry.chain, first));
      }),
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
    chains: (after, limit) =>
      db.withSystem("list the chains of the audit trail", async (tx) => {
        const found = tx.selectFrom("audit_head").select("chain").orderBy("chain").limit(limit);
        const rows = await (after ? found.where("chain", ">", after) : found).execute();
        return rows.map((row) => row.chain);
      }),
    head: (chain) =>
      db.withSystem("read the end of an audit chain", (tx) =>
        tx
          .selectFrom("audit_head")
          .select(["sequence", "hash"])
          .where("chain", "=", chain)
          .executeTakeFirst(),
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

interface Appends {
  readonly waiting: { entry: NewEntry; done: () => void; failed: (error: unknown) => void }[];
}

/** Adds entries to the end of their chain, in order, but for those whose events have an entry already. */
async function append(tx: Tx<TenancyDb>, chain: string, entries: readonly NewEntry[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${chain}, 0))`.execute(tx);
  const { rows: known } = await sql<{ event_id: string }>`
    select event_id from audit_entry where event_id = any(${entries.map((entry) => entry.event_id)}::uuid[])`.execute(
    tx,
  );
  const seen = new Set(known.map((row) => row.event_id));
  const last: Pick<AuditRow, "sequence" | "hash"> | undefined = await tx
    .selectFrom("audit_entry")
    .select(["sequence", "hash"])
    .where("chain", "=", chain)
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  let sequence = last?.sequence ?? 0;
  let previous_hash = last?.hash ?? GENESIS;
  const rows: AuditRow[] = [];
  for (const entry of entries) {
    if (seen.has(entry.event_id)) continue;
    seen.add(entry.event_id);
    sequence += 1;
    const row = { ...entry, sequence, previous_hash };
    const hash = hashOf(row);
    rows.push({ ...row, id: newId(), hash });
    previous_hash = hash;
  }
  if (rows.length > 0) await tx.insertInto("audit_entry").values(rows).execute();
}
