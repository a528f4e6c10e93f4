import { type Id, newId, type TenantId } from "@leadmetrics/kit";
import pg from "pg";

/** A tenant whose lists are looked at. */
export interface ListedTenant {
  readonly name: string;
  readonly tenant: TenantId;
  /** One of its plans. */
  readonly plan: Id;
  /** An activity in the middle of its list: the token of a deep page. */
  readonly middle: Id;
}

/** Plans of each tenant. */
const PLANS = 4;
/** One of as many activities is of the biggest tenant. */
const BIGGEST_SHARE = 5;
/** The sleeper's activities all lie in the oldest part of this size, as of a tenant that has stopped working. */
const OLDEST_SHARE = 100;

/**
 * Fills content's own tables: activities in the order of their creation, tenants mixed as they would be.
 *
 * @param adminUrl a superuser's: row-level security and the checks of foreign keys would take most of the time
 */
export async function fillActivities(
  adminUrl: string,
  tenants: readonly TenantId[],
  count: number,
): Promise<ListedTenant[]> {
  const [biggest, sleeper, typical] = tenants;
  if (!biggest || !sleeper || !typical) throw new Error("--tenants must be 3 at least");
  const plans = tenants.map(() => Array.from({ length: PLANS }, () => newId()));
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query("set session_replication_role = replica");
    // Deliverable and period of a plan have its id: they are other tables.
    const each = "from unnest($1::uuid[], $2::uuid[]) as t (tenant_id, id)";
    const parents = [tenants.flatMap((tenant) => Array<string>(PLANS).fill(tenant)), plans.flat()];
    await admin.query(
      `insert into deliverable_plan (id, tenant_id, title, starts, ends, created_by)
       select id, tenant_id, 'Load', '2026-12-01', '2026-12-31', 'user:load' ${each}`,
      parents,
    );
    await admin.query(
      `insert into deliverable (id, tenant_id, plan_id, position, content_type, quantity)
       select id, tenant_id, id, 1, 'blog_post', 1 ${each}`,
      parents,
    );
    await admin.query(
      `insert into deliverable_period (id, tenant_id, plan_id, deliverable_id, starts, ends, target_count)
       select id, tenant_id, id, id, '2026-12-01', '2026-12-31', 1 ${each}`,
      parents,
    );
    // UUIDs of version 7, ten milliseconds apart.
    await admin.query(
      `insert into activity (id, tenant_id, plan_id, deliverable_id, period_id, content_type, title, theme, status, owed_by, created_by)
       select
         (lpad(to_hex(1780000000000 + n * 10), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid,
         ($1::uuid[])[who], plan, plan, plan,
         case when n % 7 = 0 then 'social_post' else 'blog_post' end,
         'Rye bread ' || n, 'Baking at home',
         (array['published', 'published', 'published', 'approved', 'dm_review', 'client_review', 'planned', 'cancelled'])[1 + n / 11 % 8],
         'agent', 'user:load'
       from (
         select n, who, ($2::uuid[])[(who - 1) * $3::int + 1 + n / 13 % $3::int] as plan
         from (
           select n, case
             when n % $6::int = 0 then 1
             when n <= $5::int / $7::int and n % 2 = 0 then 2
             else 3 + n / 3 % ($4::int - 2) end as who
           from generate_series(1, $5::int) as n
         ) as dealt
       ) as a`,
      [tenants, plans.flat(), PLANS, tenants.length, count, BIGGEST_SHARE, OLDEST_SHARE],
    );
    await admin.query("analyze");
    const listed: ListedTenant[] = [];
    for (const [name, tenant] of [
      ["the biggest tenant", biggest],
      ["a typical tenant", typical],
      ["a tenant asleep for long", sleeper],
    ] as const) {
      const { rows } = await admin.query<{ id: Id }>(
        `select id from activity where tenant_id = $1 order by id desc
         offset (select count(*) / 2 from activity where tenant_id = $1) limit 1`,
        [tenant],
      );
      const plan = plans[tenants.indexOf(tenant)]?.[0];
      const middle = rows[0]?.id;
      if (!plan || !middle) throw new Error(`${name} has no activities: --activities is too small`);
      listed.push({ name, tenant, plan, middle });
    }
    return listed;
  } finally {
    await admin.end();
  }
}
