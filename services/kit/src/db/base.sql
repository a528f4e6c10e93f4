-- What every service database starts with: the functions that put a table under the isolation rules, and the
-- tables behind outbox, inbox and schedule. Runs once per database, as the owner role.
create schema kit;
grant usage on schema kit to public;

-- The roles of this database are named after its owner: `<service>_owner` → `<service>_app`, `_system`, `_platform`.
create function kit.role(kind text) returns name
  language sql stable
  as $$ select (regexp_replace(current_user::text, '_owner$', '') || '_' || kind)::name $$;

-- The tenants the running transaction may touch; null when none was set, which matches no row. A custom setting
-- reads as '' after the transaction that set it, hence nullif.
create function kit.tenant_ids() returns uuid[]
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.tenant_ids', true), '')::uuid[] $$;

-- Puts a table with tenant_id under row-level security: the app role sees the transaction's tenants only, the
-- platform role sees all of them (every use is audited by the kit), the system role sees nothing until
-- kit.system_access says otherwise.
create function kit.tenant_table(target regclass) returns void
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
end $$;

-- Lets the loops of a service (relay, dispatcher, reconcilers) reach a table over all tenants, with just the named
-- privileges: kit.system_access('run', 'select,update').
create function kit.system_access(target regclass, privileges text) returns void
  language plpgsql
  as $$
begin
  if privileges !~ '^\s*(select|insert|update|delete)(\s*,\s*(select|insert|update|delete))*\s*$' then
    raise exception 'kit.system_access(%): "%" is not a list of select, insert, update, delete', target, privileges;
  end if;
  if (select relrowsecurity from pg_class where oid = target) then
    execute format('create policy system_access on %s for all to %I using (true) with check (true)',
      target, kit.role('system'));
  end if;
  execute format('grant %s on %s to %I', privileges, target, kit.role('system'));
end $$;

-- Rows are written once: nobody but the owner may change or remove them.
create function kit.append_only(target regclass) returns void
  language plpgsql
  as $$
begin
  execute format('revoke update, delete, truncate on %s from %I, %I, %I',
    target, kit.role('app'), kit.role('platform'), kit.role('system'));
end $$;

-- A table without tenant_id (catalogues, users): all roles of the service may use it.
create function kit.global_table(target regclass) returns void
  language plpgsql
  as $$
begin
  execute format('grant select, insert, update, delete on %s to %I, %I, %I',
    target, kit.role('app'), kit.role('platform'), kit.role('system'));
end $$;

do $$
begin
  execute format('grant usage on schema public to %I, %I, %I',
    kit.role('app'), kit.role('platform'), kit.role('system'));
end $$;

-- Events on their way to the broker. `seq` is taken before commit, so it orders a batch but is no cursor.
create table kit.outbox (
  id uuid primary key,
  seq bigint generated always as identity,
  tenant_id uuid,
  aggregate_key text not null,
  subject text not null,
  event_type text not null,
  headers jsonb not null,
  payload bytea not null,
  created_on timestamptz not null default now(),
  published_at timestamptz,
  not_before timestamptz,
  attempts int not null default 0,
  last_error text
);
create index outbox_pending on kit.outbox (seq) where published_at is null;
create index outbox_pending_aggregate on kit.outbox (aggregate_key, seq) where published_at is null;
create index outbox_published on kit.outbox (published_at) where published_at is not null;
alter table kit.outbox set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
alter table kit.outbox enable row level security;
alter table kit.outbox force row level security;

-- Which events a consumer has taken effect for; written in the transaction of the effect.
create table kit.inbox (
  consumer text not null,
  event_id uuid not null,
  processed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index inbox_age on kit.inbox (processed_at);

-- One row a task; `claimed_until` is the lease of the replica that runs it now.
create table kit.schedule (
  name text primary key,
  timing text not null,
  next_due timestamptz not null,
  claimed_by uuid,
  claimed_until timestamptz,
  last_started timestamptz,
  last_finished timestamptz,
  last_error text,
  runs bigint not null default 0
);

do $$
begin
  -- A tenant's transaction writes events of that tenant or of the platform; one without a tenant writes any.
  execute format('create policy outbox_write on kit.outbox for insert to %I with check
    (tenant_id is null or kit.tenant_ids() is null or tenant_id = any((select kit.tenant_ids())::uuid[]))', kit.role('app'));
  execute format('create policy outbox_write_all on kit.outbox for insert to %I with check (true)', kit.role('platform'));
  execute format('create policy outbox_relay on kit.outbox for all to %I using (true) with check (true)', kit.role('system'));
  execute format('grant insert on kit.outbox to %I, %I', kit.role('app'), kit.role('platform'));
  execute format('grant select, insert, update, delete on kit.outbox to %I', kit.role('system'));
  execute format('grant insert on kit.inbox to %I, %I', kit.role('app'), kit.role('platform'));
  execute format('grant select, insert, delete on kit.inbox to %I', kit.role('system'));
  execute format('grant select, insert, update, delete on kit.schedule to %I', kit.role('system'));
end $$;
