import { sql } from "kysely";
import type { TenantCtx } from "../context.ts";
import type { Database } from "../db/database.ts";
import { toRef } from "../ids.ts";
import type { ExportedColumn } from "./outside.ts";
import { EXPORT_ROWS } from "./tunables.ts";

/** What becomes of a store's records when their tenant is erased. */
export type RuleName = "erase" | "forget" | "keep";

/** How many records of a tenant a store has, or how many went. */
export interface Counted {
  readonly name: string;
  readonly rule: RuleName;
  /** Why something is kept; empty otherwise. */
  readonly reason: string;
  readonly records: number;
}

/** Every table in which there could be rows of the tenant, by the database's own catalogue; see records.sql. */
export async function countRows<DB>(db: Database<DB>, ctx: TenantCtx): Promise<Counted[]> {
  const { rows } = await db.withSystem("count a tenant's rows", (tx) =>
    sql<Counted>`select name, rule, reason, records from kit.count_tenant_rows(${ctx.tenantId}, ${toRef(ctx.tenantId)})`.execute(
      tx,
    ),
  );
  return rows;
}

/** Erases up to `batch` rows of one table. @returns undefined when no table has any */
export async function eraseRows<DB>(
  db: Database<DB>,
  ctx: TenantCtx,
  batch: number,
): Promise<Omit<Counted, "reason"> | undefined> {
  const { rows } = await db.withSystem("erase a tenant's rows", (tx) =>
    sql<
      Omit<Counted, "reason">
    >`select name, rule, records from kit.erase_tenant_rows(${ctx.tenantId}, ${toRef(ctx.tenantId)}, ${batch})`.execute(
      tx,
    ),
  );
  return rows[0];
}

/** A table whose rows are exported. */
export interface ExportedTable {
  readonly name: string;
  /** As it stands in SQL. */
  readonly relation: string;
  readonly owner: ExportedColumn;
  readonly columns: readonly ExportedColumn[];
  readonly key: readonly ExportedColumn[];
}

/** The tables that are a tenant's own, with their columns and keys. */
export async function exportedTables<DB>(db: Database<DB>): Promise<ExportedTable[]> {
  const { rows } = await db.global((tx) =>
    sql<ExportedTable>`
      select s.name, s.relation::text as relation,
        json_build_object('name', s.col, 'type', s.col_type::text) as owner,
        (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum)
          from pg_attribute a where a.attrelid = s.relation and a.attnum > 0 and not a.attisdropped) as columns,
        (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by place)
          from pg_index i cross join unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
          where i.indrelid = s.relation and i.indisprimary) as key
      from kit.tenant_stores() s where s.rule = 'erase' and s.name not like 'kit.%'
      order by s.name`.execute(tx),
  );
  return rows.filter(({ key }) => key !== null);
}

/** A row with the values of its key as texts, which say where to go on. */
export interface ExportedRow {
  readonly row: Record<string, unknown>;
  readonly key: string[];
}

/** The rows after a key, in the order of the key. */
export async function readRows<DB>(
  db: Database<DB>,
  ctx: TenantCtx,
  { relation, owner, key }: ExportedTable,
  after: readonly string[] | undefined,
): Promise<ExportedRow[]> {
  const whose = owner.type === "uuid" ? sql`${ctx.tenantId}::uuid` : sql`${toRef(ctx.tenantId)}`;
  const columns = sql.join(key.map(({ name }) => sql.ref(`t.${name}`)));
  const beyond =
    after && after.length === key.length
      ? sql`and (${columns}) > (${sql.join(
          key.map(({ type }, index) => sql`cast(${after[index]}::text as ${sql.raw(type)})`),
        )})`
      : sql``;
  const { rows } = await db.withTenant(
    ctx,
    (tx) =>
      sql<ExportedRow>`
        select to_jsonb(t) as row, array[${sql.join(key.map(({ name }) => sql`${sql.ref(`t.${name}`)}::text`))}] as key
        from ${sql.raw(relation)} t where ${sql.ref(`t.${owner.name}`)} = ${whose} ${beyond}
        order by ${columns} limit ${EXPORT_ROWS}`.execute(tx),
    { readOnly: true },
  );
  return rows;
}
