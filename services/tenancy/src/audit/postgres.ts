import { AppError, type Database, newId, type Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AuditRow, TenancyDb } from "../db.ts";
import type { AuditTrail, NewEntry } from "./port.ts";
import { GENESIS, hashOf } from "./rules.ts";

/** Entries that are written with one statement. */
const APPEND_BATCH = 100;

/** The trail in the service's own database: policies show a tenant its own chain, nobody may change a row. */
export function postgresTrail(db: Database<TenancyDb>): AuditTrail {
  const waiting: Waiting[] = [];
  let writing = false;

  async function write(): Promise<void> {
    while (waiting.length > 0) await settle(waiting.splice(0, APPEND_BATCH));
    writing = false;
  }

  async function settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const entries = batch.map(({ entry }) => entry);
      await db.withSystem("append to the audit trail", (tx) => append(tx, entries));
      for (const { done } of batch) done();
    } catch (error) {
      const lost = error instanceof AppError && error.kind === "unavailable";
      // An entry that can't be written keeps nobody else's from it.
      if (batch.length > 1 && !lost) for (const each of batch) await settle([each]);
      else for (const { failed } of batch) failed(error);
    }
  }

  return {
    name: "Postgres",
    // Entries that wait while others are written go in together, whosever chain they belong to.
    append: (entry) =>
      new Promise((done, failed) => {
        waiting.push({ entry, done, failed });
        if (writing) return;
        writing = true;
        setImmediate(() => void write());
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

interface Waiting {
  readonly entry: NewEntry;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Adds entries to the ends of their chains, in order, but for those whose events have an entry already. */
async function append(tx: Tx<TenancyDb>, entries: readonly NewEntry[]): Promise<void> {
  // In the same order for every writer, so that two never wait for each other.
  const chains = [...new Set(entries.map(({ chain }) => chain))].toSorted();
  // In one write; each statement sees what was committed before the locks were had.
  const [, known, ends] = await Promise.all([
    sql`select pg_advisory_xact_lock(hashtextextended(chain, 0)) from unnest(${chains}::text[]) as c (chain)`.execute(
      tx,
    ),
    sql<{ event_id: string }>`
      select event_id from audit_entry
      where event_id = any(${entries.map((entry) => entry.event_id)}::uuid[])`.execute(tx),
    sql<End>`
      select e.* from unnest(${chains}::uuid[]) as c (chain) cross join lateral (
        select chain, sequence, hash from audit_entry where audit_entry.chain = c.chain
        order by sequence desc limit 1) e`.execute(tx),
  ]);
  const seen = new Set(known.rows.map((row) => row.event_id));
  const endOf = new Map(ends.rows.map((end) => [end.chain, end]));
  const rows: AuditRow[] = [];
  for (const entry of entries) {
    if (seen.has(entry.event_id)) continue;
    seen.add(entry.event_id);
    const end = endOf.get(entry.chain);
    const linked = { ...entry, sequence: (end?.sequence ?? 0) + 1, previous_hash: end?.hash ?? GENESIS };
    const row = { ...linked, id: newId(), hash: hashOf(linked) };
    rows.push(row);
    endOf.set(entry.chain, row);
  }
  if (rows.length === 0) return;
  // One statement however many there are: a list of values written out would be another to prepare for every length.
  await sql`
    insert into audit_entry select * from jsonb_populate_recordset(null::audit_entry, ${JSON.stringify(rows)}::jsonb)`.execute(
    tx,
  );
}

type End = Pick<AuditRow, "chain" | "sequence" | "hash">;
