import pg from "pg";
import { SERVICES, type ServiceName } from "../system.ts";

/** What a platform's databases hold, so that two moments can be compared. */
export interface Books {
  /** Rows by `service.schema.table`. */
  readonly rows: Readonly<Record<string, number>>;
  /** Credit accounts whose sums aren't those of their ledger, and transactions that don't sum to zero; 0 when all is well. */
  readonly ledgerErrors: number;
  /** The newest migration by service. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Tables that say what a process does just now. */
const LIVE: readonly string[] = ["kit.schedule", "public.agent_worker"];

const LEDGER = `
  select (select count(*) from (
      select transaction_id from credit_entry group by transaction_id having sum(amount) <> 0) t)
    + (select count(*) from credit_account a where
      a.available <> (select coalesce(sum(amount), 0) from credit_entry e where e.tenant_id = a.tenant_id and account = 'available')
      or a.reserved <> (select coalesce(sum(amount), 0) from credit_entry e where e.tenant_id = a.tenant_id and account = 'reserved')
      or a.spent <> (select coalesce(sum(amount), 0) from credit_entry e where e.tenant_id = a.tenant_id and account = 'spent'))
  as wrong`;

/**
 * Counts everything, and recomputes the credit ledger.
 *
 * @param adminUrl of the server's superuser: row-level security shows everybody else their own
 */
export async function readBooks(adminUrl: string): Promise<Books> {
  const rows: Record<string, number> = {};
  const versions: Record<string, string> = {};
  let ledgerErrors = 0;
  for (const service of SERVICES) {
    const client = await connected(adminUrl, service);
    try {
      const tables = await client.query<{ name: string }>(
        `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname in ('public', 'kit') order by 1`,
      );
      for (const { name } of tables.rows.filter((table) => !LIVE.includes(table.name))) {
        const [schema = "", table = ""] = name.split(".");
        const counted = await client.query<{ count: string }>(
          `select count(*) from ${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`,
        );
        rows[`${service}.${name}`] = Number(counted.rows[0]?.count);
      }
      const newest = await client.query<{ name: string }>("select max(name) as name from kit_migration");
      versions[service] = newest.rows[0]?.name ?? "";
      if (service === "billing")
        ledgerErrors = Number((await client.query<{ wrong: string }>(LEDGER)).rows[0]?.wrong);
    } finally {
      await client.end();
    }
  }
  return { rows, ledgerErrors, versions };
}

async function connected(adminUrl: string, service: ServiceName): Promise<pg.Client> {
  const url = new URL(adminUrl);
  url.pathname = `/${service}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}
