import type { Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AgentsDb, UseRow } from "../db.ts";
import { type AuthoredCap, capOf } from "./caps.ts";
import { type Fill, fillsOf, limitsOf, NEAR_SHARE, shareOf } from "./rules.ts";
import { useOf } from "./store.ts";

/** Caps shown at once. */
const SHOWN = 200;

/** The caps of tenants and roles that are four fifths full or more, the fullest first. Sees what its transaction sees. */
export async function standingRows(
  tx: Tx<AgentsDb>,
): Promise<{ fill: Fill; tenantId: string; role: string }[]> {
  const narrower = (column: string) =>
    sql`least(nullif(coalesce(${sql.ref(`p.${column}`)}, ${sql.ref(`d.${column}`)}), 0), nullif(${sql.ref(`o.${column}`)}, 0))`;
  const full = (metric: string, column: string) =>
    sql`${sql.ref(`u.used_${metric}`)} + ${sql.ref(`u.reserved_${metric}`)} >= ${NEAR_SHARE}::float8 * ${narrower(column)}`;
  const { rows } = await sql<UseRow & { caps: (AuthoredCap | null)[] }>`
    select u.*, jsonb_build_array(
      to_jsonb(d) || '{"author": "default"}', to_jsonb(p), to_jsonb(o)) as caps
    from budget_use u
    left join tenant_terms t on t.tenant_id = u.tenant_id
    left join budget_default d on d.scope = u.scope and d.role = u.key
    left join budget p on p.tenant_id = u.tenant_id and p.author = 'platform' and p.scope = u.scope and p.role = u.key
    left join budget o on o.tenant_id = u.tenant_id and o.author = 'tenant' and o.scope = u.scope and o.role = u.key
    where u.scope in ('tenant', 'role')
      and u.month = to_char(now() at time zone coalesce(t.time_zone, 'UTC'), 'YYYY-MM')
      and (${full("micro_usd", "max_micro_usd")} or ${full("tokens", "max_tokens")} or ${full("runs", "max_runs")})
    limit ${SHOWN}`.execute(tx);
  return rows
    .flatMap((row) => {
      const caps = row.caps.filter((cap) => cap !== null).map(capOf);
      const limits = limitsOf(caps, row.scope, row.key);
      return fillsOf(limits, useOf(row))
        .filter((fill) => shareOf(fill) >= NEAR_SHARE)
        .map((fill) => ({ fill, tenantId: row.tenant_id, role: row.key }));
    })
    .sort((a, b) => shareOf(b.fill) - shareOf(a.fill))
    .slice(0, SHOWN);
}
