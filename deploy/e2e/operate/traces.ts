import { SERVICES } from "@leadmetrics/local/system";
import pg from "pg";
import type { Platform } from "../harness.ts";

/** Number and hash of the rows, by `service.schema.table`, in which any of the words stands in any column. */
export async function rowsWith(platform: Platform, words: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const service of SERVICES) {
    const url = new URL(platform.backends.adminUrl);
    url.pathname = `/${service}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname in ('public', 'kit') order by 1`,
      );
      for (const { name } of tables) {
        const { rows } = await client.query<{ count: string; hash: string }>(
          `select count(*), md5(string_agg(md5(t::text), '' order by md5(t::text))) as hash from ${name} t
           where t::text like any ($1)`,
          [words.map((word) => `%${word}%`)],
        );
        const [row] = rows;
        if (row && row.count !== "0") found.set(`${service}.${name}`, `${row.count}:${row.hash}`);
      }
    } finally {
      await client.end();
    }
  }
  return found;
}
