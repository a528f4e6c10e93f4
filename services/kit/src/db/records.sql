-- What a database holds of one tenant: counted and erased from the catalogue, so that a new table is among it without
-- anybody thinking of it. Row-level security and the append-only rule stay as they are for every role: only the two
-- functions at the end reach over them, for the one tenant they are called for, and only the loops' role may call them.

-- The tenant whose rows those functions have in hand; null outside of them, which matches no row.
create function kit.tenant_in_hand() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.tenant_in_hand', true), '')::uuid $$;

-- Columns that say whose a row is, where that isn't tenant_id or more is to be said.
create table kit.tenant_column (
  relation text not null,
  col text not null,
  -- erase: the row goes. forget: the row stays, the column becomes null. keep: both stay, the reason says why.
  rule text not null check (rule in ('erase', 'forget', 'keep')),
  reason text not null default '',
  primary key (relation, col),
  check ((rule = 'keep') = (reason <> ''))
);

-- How much of which table was erased, and through which role: written by kit.erase_tenant_rows alone.
create table kit.tenant_erasure (
  erased_tenant uuid not null,
  name text not null,
  records bigint not null,
  by_role text not null,
  began_on timestamptz not null default now(),
  ended_on timestamptz not null default now(),
  primary key (erased_tenant, name)
);

-- Lets the owner see the rows of the tenant in hand, and of no other: forced row-level security shows it none.
create function kit.hold_by(target regclass, col name) returns void
  language plpgsql
  as $$
begin
  if (select relrowsecurity from pg_class where oid = target) then
    execute format('create policy tenant_in_hand on %s for all to %I using (%I = (select kit.tenant_in_hand()))',
      target, current_user, col);
  end if;
end $$;

-- Says that a column other than tenant_id names a tenant: `select kit.tenant_column('session', 'acting_tenant', 'forget')`.
-- The column is a uuid, or a text with the tenant's ref.
create function kit.tenant_column(target regclass, col name, rule text, reason text default '') returns void
  language plpgsql
  as $$
begin
  insert into kit.tenant_column (relation, col, rule, reason)
    select n.nspname || '.' || c.relname, tenant_column.col, tenant_column.rule, tenant_column.reason
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = target;
  if tenant_column.col <> 'tenant_id' then
    perform kit.hold_by(target, tenant_column.col);
  end if;
end $$;

create or replace function kit.tenant_table(target regclass) returns void
  language plpgsql
  as $$
declare
  own constant text := 'tenant_id = any((select kit.tenant_ids())::uuid[])';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant_isolation on %s for all to %I using (%s) with check (%s)',
    target, kit.role('app'), own, own);
  execute format('create policy platform_access on %s for all to %I using (true) with check (true)',
    target, kit.role('platform'));
  execute format('grant select, insert, update, delete on %s to %I, %I',
    target, kit.role('app'), kit.role('platform'));
  perform kit.hold_by(target, 'tenant_id');
end $$;

select kit.hold_by(c.oid, 'tenant_id')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'kit') and c.relkind in ('r', 'p') and c.relrowsecurity
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped);
select kit.tenant_column('kit.tenant_erasure', 'erased_tenant', 'keep', 'how much was erased, and through which role');

-- Every table in which there could be something of a tenant; those that others refer to come after them.
create function kit.tenant_stores()
  returns table (relation regclass, name text, col name, col_type regtype, rule text, reason text)
  language sql stable
  as $$
  with recursive scoped as (
    select c.oid, n.nspname, c.relname, a.attname, a.atttypid::regtype as col_type,
      coalesce(k.rule, 'erase') as rule, coalesce(k.reason, '') as reason
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join kit.tenant_column k on k.relation = n.nspname || '.' || c.relname and k.col = a.attname
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'kit')
      and (a.attname = 'tenant_id' or k.col is not null)
  ), below as (
    select oid, 0 as depth from scoped
    union
    select f.conrelid, depth + 1 from below join pg_constraint f on f.contype = 'f' and f.confrelid = below.oid
      where f.conrelid <> f.confrelid and depth < 50
  )
  select scoped.oid::regclass,
    case when scoped.nspname = 'kit' then 'kit.' else '' end || scoped.relname ||
      case when scoped.rule = 'forget' then '.' || scoped.attname else '' end,
    scoped.attname, scoped.col_type, scoped.rule, scoped.reason
  from scoped join (select oid, max(depth) as depth from below group by oid) deepest using (oid)
  order by deepest.depth desc, 2
  $$;

-- A condition that finds the tenant's rows by a column: its id, or in a text its ref.
create function kit.of_tenant(col name, col_type regtype) returns text
  language sql immutable
  as $$ select format('%I = ', col) || case when col_type = 'uuid'::regtype then '$1' else '$2' end $$;

create function kit.count_tenant_rows(tenant uuid, tenant_ref text)
  returns table (name text, rule text, reason text, records bigint)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  store record;
begin
  perform set_config('app.tenant_in_hand', tenant::text, true);
  for store in select * from kit.tenant_stores() loop
    name := store.name;
    rule := store.rule;
    reason := store.reason;
    execute format('select count(*) from %s where %s', store.relation, kit.of_tenant(store.col, store.col_type))
      into records using tenant, tenant_ref;
    return next;
  end loop;
  perform set_config('app.tenant_in_hand', '', true);
end $$;

-- Erases up to `batch` rows of the first table that has any. No row comes back when nothing is left.
create function kit.erase_tenant_rows(tenant uuid, tenant_ref text, batch int)
  returns table (name text, rule text, records bigint)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  store record;
  few text;
begin
  if tenant is null or batch not between 1 and 5000 then
    raise exception 'kit.erase_tenant_rows: a tenant, and 1 to 5000 rows at a time';
  end if;
  perform set_config('app.tenant_in_hand', tenant::text, true);
  for store in select * from kit.tenant_stores() s where s.rule <> 'keep' loop
    few := format('ctid = any(array(select ctid from %s where %s limit $3))', store.relation,
      kit.of_tenant(store.col, store.col_type));
    if store.rule = 'forget' then
      execute format('update %s set %I = null where %s', store.relation, store.col, few)
        using tenant, tenant_ref, batch;
    else
      execute format('delete from %s where %s', store.relation, few) using tenant, tenant_ref, batch;
    end if;
    get diagnostics records = row_count;
    continue when records = 0;
    name := store.name;
    rule := store.rule;
    insert into kit.tenant_erasure as log (erased_tenant, name, records, by_role)
      values (tenant, store.name, erase_tenant_rows.records, session_user)
      on conflict on constraint tenant_erasure_pkey do update
        set records = log.records + excluded.records, by_role = excluded.by_role, ended_on = excluded.ended_on;
    return next;
    exit;
  end loop;
  perform set_config('app.tenant_in_hand', '', true);
end $$;

revoke execute on function kit.count_tenant_rows(uuid, text), kit.erase_tenant_rows(uuid, text, int) from public;
do $$
begin
  execute format('grant execute on function kit.count_tenant_rows(uuid, text), kit.erase_tenant_rows(uuid, text, int) to %I',
    kit.role('system'));
  execute format('grant select on kit.tenant_column to %I, %I', kit.role('app'), kit.role('system'));
end $$;
