import { fromRef } from "@leadmetrics/kit";
import { SERVICES } from "@leadmetrics/local/system";
import pg from "pg";
import type { Platform } from "../harness.ts";
import type { Tenant } from "./tenant.ts";

/** Number and hash of a tenant's rows by `service.schema.table`. */
export type Rows = Readonly<Record<string, string>>;

/** A way to tell whose a row is, best first. */
const OWNERS = ["tenant_id", "user_id", "id"] as const;
type Owner = (typeof OWNERS)[number];

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: string[];
}

/**
 * Everything the databases hold of a tenant and its people, read as the server's own superuser: row-level security
 * shows an owner nothing.
 */
export async function rowsOf(platform: Platform, tenant: Tenant): Promise<Rows> {
  const people = [tenant.owner, ...Object.values(tenant.team)].map(({ userRef }) => fromRef(userRef));
  const ids: Record<Owner, string[]> = {
    tenant_id: [fromRef(tenant.refs.tenant)],
    user_id: people,
    id: people,
  };
  const rows: Record<string, string> = {};
  for (const service of SERVICES) {
    const url = new URL(platform.backends.adminUrl);
    url.pathname = `/${service}`;
    const client = new pg.Client({ connectionString: url.toString() });
    await client.connect();
    try {
      for (const { schema, name, columns } of await tablesOf(client)) {
        const owner = OWNERS.find((column) => columns.includes(column));
        if (!owner) continue;
        const { rows: hashed } = await client.query<{ hash: string }>(
          `select count(*) || ':' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as hash
           from ${schema}.${name} t where ${owner}::text = any($1)`,
          [ids[owner]],
        );
        rows[`${service}.${schema}.${name}`] = hashed[0]?.hash ?? "";
      }
    } finally {
      await client.end();
    }
  }
  return rows;
}

async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select table_schema as schema, quote_ident(table_name) as name, array_agg(column_name::text) as columns
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema in ('public', 'kit') and table_type = 'BASE TABLE'
     group by table_schema, table_name order by 1, 2`,
  );
  return rows;
}
