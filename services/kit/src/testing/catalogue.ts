import pg from "pg";
import { expect } from "vitest";
import type { ServiceTest } from "./service-test.ts";

/**
 * Reads the database's own catalogue and fails for a table, role, index or view that would let one tenant see another's
 * rows: the net under a forgetful newcomer.
 */
export async function catalogueTest<DB>(t: Pick<ServiceTest<DB>, "urls" | "db">): Promise<void> {
  expect(await catalogueProblems(t.urls.owner, t.db.service)).toEqual([]);
}

/** One sentence for each rule that something in the database breaks. */
export async function catalogueProblems(ownerUrl: string, service: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ problem: string }>(PROBLEMS, [service]);
    return rows.map((row) => row.problem);
  } finally {
    await client.end();
  }
}

const PROBLEMS = `
with tables as (
  select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner,
    exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as tenant_scoped
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname = 'public'
)
select relname || ' has tenant_id but no forced row-level security: end its migration with select kit.tenant_table(''' || relname || ''')' as problem
  from tables where tenant_scoped and not (relrowsecurity and relforcerowsecurity)
union all
select t.relname || ' has no policy with USING and WITH CHECK for the app role'
  from tables t where tenant_scoped and not exists (
    select 1 from pg_policy p where p.polrelid = t.oid and p.polqual is not null and p.polwithcheck is not null
      and ($1 || '_app')::regrole::oid = any(p.polroles))
union all
select t.relname || ' has no index that leads with tenant_id'
  from tables t where tenant_scoped and not exists (
    select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = t.oid and a.attname = 'tenant_id')
union all
select t.relname || ' refers to ' || f.relname || ' without tenant_id in the key (' || k.conname || '): a row could point at another tenant''s'
  from pg_constraint k join tables t on t.oid = k.conrelid join tables f on f.oid = k.confrelid
  where k.contype = 'f' and t.tenant_scoped and f.tenant_scoped and not exists (
    select 1 from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey) and a.attname = 'tenant_id')
union all
select r.rolname || ' must be an ordinary role' from pg_roles r
  where r.rolname in ($1 || '_app', $1 || '_system', $1 || '_platform') and (r.rolsuper or r.rolbypassrls)
union all
select r.rolname || ' owns ' || t.relname from tables t join pg_roles r on r.oid = t.relowner
  where r.rolname in ($1 || '_app', $1 || '_system', $1 || '_platform')
union all
select p.proname || ' runs with its owner''s rights' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('public', 'kit') and p.prosecdef
    and p.oid not in ('kit.count_tenant_rows(uuid, text)'::regprocedure, 'kit.erase_tenant_rows(uuid, text, int)'::regprocedure)
union all
select p.proname || ' runs with its owner''s rights and may be called by ' || coalesce(r.rolname, 'everybody')
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as granted left join pg_roles r on r.oid = granted.grantee
  where n.nspname in ('public', 'kit') and p.prosecdef
    and granted.grantee not in (p.proowner, ($1 || '_system')::regrole::oid)
union all
select t.relname || '.' || a.attname || ' names a tenant: say what becomes of it when the tenant is erased, with select kit.tenant_column('''
    || t.relname || ''', ''' || a.attname || ''', …)'
  from tables t join pg_attribute a on a.attrelid = t.oid
  where a.attname like '%tenant%' and a.attname <> 'tenant_id' and not a.attisdropped
    and a.atttypid in ('uuid'::regtype, 'text'::regtype)
    and not exists (select 1 from kit.tenant_column k where k.relation = 'public.' || t.relname and k.col = a.attname)
union all
select s.name || ' keeps its rows from kit.erase_tenant_rows: end its migration with select kit.tenant_table or kit.tenant_column'
  from kit.tenant_stores() s join pg_class c on c.oid = s.relation
  where c.relrowsecurity and not exists (
    select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_in_hand' and c.relowner = any(p.polroles))
union all
select s.name || ' has no primary key, by which its rows could be exported in order' from kit.tenant_stores() s
  where not exists (select 1 from pg_index i where i.indrelid = s.relation and i.indisprimary)
union all
select c.relname || ' is a view without security_invoker' from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'v' and n.nspname = 'public' and not coalesce(c.reloptions::text like '%security_invoker=true%', false)
`;
