import type { Tx } from "@leadmetrics/kit";
import { type RawBuilder, sql } from "kysely";
import type { AgentsDb, UseRow } from "../db.ts";
import { type AuthoredCap, capOf } from "./caps.ts";
import { type Fill, fillsOf, limitsOf, NEAR_SHARE, shareOf } from "./rules.ts";
import { useOf } from "./store.ts";

/** Caps shown at once. */
const SHOWN = 200;
/** Days for which an activity without a new run is still shown: what may wait for its next one. */
const ACTIVITY_DAYS = 7;

/** A cap that is four fifths full or more, and what it is a cap of. */
export interface StandingRow {
  readonly fill: Fill;
  readonly tenantId: string;
  readonly role: string;
  readonly activity_id: string | null;
  readonly title: string;
}

const THIS_MONTH = sql<boolean>`(u.scope <> 'activity'
  and u.month = to_char(now() at time zone coalesce(t.time_zone, 'UTC'), 'YYYY-MM'))`;
const ACTIVITY = sql`case u.scope when 'activity' then u.key::uuid end`;
const RECENT = sql<boolean>`exists (select from agent_run r
  where r.tenant_id = u.tenant_id and r.activity_id = ${ACTIVITY}
  and r.requested_on > now() - make_interval(days => ${sql.lit(ACTIVITY_DAYS)}))`;

/** The caps of tenants, roles and activities of the last days, the fullest first. Sees what its transaction sees. */
export const standingRows = (tx: Tx<AgentsDb>): Promise<StandingRow[]> =>
  rowsWhere(tx, sql`(${THIS_MONTH} or ${RECENT})`);

/** Those of single activities. */
export async function activityStandings(
  tx: Tx<AgentsDb>,
  activityIds: readonly string[],
): Promise<StandingRow[]> {
  if (activityIds.length === 0) return [];
  return rowsWhere(tx, sql`u.scope = 'activity' and u.key = any(${[...new Set(activityIds)]}::text[])`);
}

async function rowsWhere(tx: Tx<AgentsDb>, which: RawBuilder<unknown>): Promise<StandingRow[]> {
  const narrower = (column: string) =>
    sql`least(nullif(coalesce(${sql.ref(`p.${column}`)}, ${sql.ref(`d.${column}`)}), 0), nullif(${sql.ref(`o.${column}`)}, 0))`;
  const full = (metric: string, column: string) =>
    sql`${sql.ref(`u.used_${metric}`)} + ${sql.ref(`u.reserved_${metric}`)} >= ${NEAR_SHARE}::float8 * ${narrower(column)}`;
  const role = sql`case u.scope when 'role' then u.key else '' end`;
  const { rows } = await sql<
    UseRow & { caps: (AuthoredCap | null)[]; activity_id: string | null; title: string | null }
  >`
    select u.*, jsonb_build_array(
      to_jsonb(d) || '{"author": "default"}', to_jsonb(p), to_jsonb(o)) as caps,
      ${ACTIVITY} as activity_id,
      (select r.title from agent_run r where r.tenant_id = u.tenant_id and r.activity_id = ${ACTIVITY}
        order by r.id desc limit 1) as title
    from budget_use u
    left join tenant_terms t on t.tenant_id = u.tenant_id
    left join budget_default d on d.scope = u.scope and d.role = ${role}
    left join budget p on p.tenant_id = u.tenant_id and p.author = 'platform' and p.scope = u.scope and p.role = ${role}
    left join budget o on o.tenant_id = u.tenant_id and o.author = 'tenant' and o.scope = u.scope and o.role = ${role}
    where ${which}
      and (${full("micro_usd", "max_micro_usd")} or ${full("tokens", "max_tokens")} or ${full("runs", "max_runs")})
    -- Activities are many: they don't push a tenant's or a role's out.
    order by u.scope = 'activity'
    limit ${SHOWN}`.execute(tx);
  return rows
    .flatMap((row) => {
      const caps = row.caps.filter((cap) => cap !== null).map(capOf);
      const limits = limitsOf(caps, row.scope, row.scope === "role" ? row.key : "");
      const of = {
        tenantId: row.tenant_id,
        role: row.scope === "role" ? row.key : "",
        activity_id: row.activity_id,
        title: row.title ?? "",
      };
      return fillsOf(limits, useOf(row))
        .filter((fill) => shareOf(fill) >= NEAR_SHARE)
        .map((fill) => ({ fill, ...of }));
    })
    .sort((a, b) => shareOf(b.fill) - shareOf(a.fill));
}
