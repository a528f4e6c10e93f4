-- What agents may use. Money in millionths of a US dollar, as models are priced; 0 is no limit. A tenant's and a role's
-- count for a month, an activity's for as long as it lives.
create table budget_default (
  scope text not null check (scope in ('tenant', 'role', 'activity')),
  -- Empty unless the scope is a role.
  role text not null default '',
  max_micro_usd bigint not null default 0 check (max_micro_usd >= 0),
  max_tokens bigint not null default 0 check (max_tokens >= 0),
  max_runs bigint not null default 0 check (max_runs >= 0),
  set_by text not null,
  set_on timestamptz not null default now(),
  version int not null default 1,
  primary key (scope, role),
  check ((scope = 'role') = (role <> ''))
);
select kit.global_table('budget_default');

-- For one tenant: the platform's word stands in place of the default, the tenant's own beside either.
create table budget (
  tenant_id uuid not null,
  author text not null check (author in ('platform', 'tenant')),
  scope text not null check (scope in ('tenant', 'role', 'activity')),
  role text not null default '',
  max_micro_usd bigint not null default 0 check (max_micro_usd >= 0),
  max_tokens bigint not null default 0 check (max_tokens >= 0),
  max_runs bigint not null default 0 check (max_runs >= 0),
  set_by text not null,
  set_on timestamptz not null default now(),
  version int not null default 1,
  primary key (tenant_id, author, scope, role),
  check ((scope = 'role') = (role <> ''))
);
select kit.tenant_table('budget');

-- What was used, and what is taken aside for runs at work. The rows that admission queues at.
create table budget_use (
  tenant_id uuid not null,
  scope text not null check (scope in ('tenant', 'role', 'activity')),
  -- The role's name, the activity's id, or empty.
  key text not null default '',
  -- What `used` counts: 2026-12, where the tenant is; empty for an activity.
  month text not null,
  used_micro_usd bigint not null default 0,
  used_tokens bigint not null default 0,
  used_runs bigint not null default 0,
  reserved_micro_usd bigint not null default 0,
  reserved_tokens bigint not null default 0,
  reserved_runs bigint not null default 0,
  -- Which metrics people were told about this month: that they are near a cap, that they are at it.
  near_told text[] not null default '{}',
  reached_told text[] not null default '{}',
  primary key (tenant_id, scope, key)
);
select kit.tenant_table('budget_use');
-- A default cap that changes takes effect for every tenant.
select kit.system_access('budget_use', 'select,insert,update');
-- Every run rewrites its three rows several times: keep the dead ones few.
alter table budget_use set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);

-- What is taken aside for a run now; given back when it leaves the workers.
alter table agent_run
  add column reserved_micro_usd bigint not null default 0,
  add column reserved_tokens bigint not null default 0,
  add column reserved_runs int not null default 0;

alter table tenant_terms add column time_zone text not null default 'UTC';

-- A time zone that this database knows; UTC otherwise.
create function known_zone(zone text) returns text
  language plpgsql stable
  as $$
begin
  perform now() at time zone zone;
  return zone;
exception when invalid_parameter_value then
  return 'UTC';
end $$;

-- The month it is where the tenant is: 2026-12.
create function budget_month(tenant uuid) returns text
  language plpgsql stable
  as $$
begin
  return to_char(now() at time zone coalesce(
    (select time_zone from tenant_terms where tenant_id = tenant), 'UTC'), 'YYYY-MM');
end $$;

-- The rows of budget_use that a run counts for, in the order in which everybody locks them.
create function budget_parts(tenant uuid, role text, activity uuid)
  returns table (scope text, key text, month text)
  language sql stable
  as $$
  select part.scope, part.key, case part.scope when 'activity' then '' else budget_month(tenant) end
  from (values ('activity', activity::text), ('role', role), ('tenant', '')) as part (scope, key)
  where part.key is not null
  $$;

-- Keeps the sums with the rows they are sums of, whoever changes a run and why.
create function count_budget_use() returns trigger
  language plpgsql
  as $$
begin
  insert into budget_use as use (tenant_id, scope, key, month,
    used_micro_usd, used_tokens, used_runs, reserved_micro_usd, reserved_tokens, reserved_runs)
  select new.tenant_id, part.scope, part.key, part.month,
    new.cost_micro_usd - old.cost_micro_usd,
    (new.input_tokens + new.output_tokens + new.cached_tokens) - (old.input_tokens + old.output_tokens + old.cached_tokens),
    -- Whatever came of it: a worker had it.
    (new.finished_on is not null and old.finished_on is null and new.started_on is not null)::int,
    new.reserved_micro_usd - old.reserved_micro_usd,
    new.reserved_tokens - old.reserved_tokens,
    new.reserved_runs - old.reserved_runs
  from budget_parts(new.tenant_id, new.role, new.activity_id) part
  on conflict (tenant_id, scope, key) do update set
    month = excluded.month,
    used_micro_usd = case when use.month = excluded.month then use.used_micro_usd else 0 end + excluded.used_micro_usd,
    used_tokens = case when use.month = excluded.month then use.used_tokens else 0 end + excluded.used_tokens,
    used_runs = case when use.month = excluded.month then use.used_runs else 0 end + excluded.used_runs,
    near_told = case when use.month = excluded.month then use.near_told else '{}' end,
    reached_told = case when use.month = excluded.month then use.reached_told else '{}' end,
    reserved_micro_usd = use.reserved_micro_usd + excluded.reserved_micro_usd,
    reserved_tokens = use.reserved_tokens + excluded.reserved_tokens,
    reserved_runs = use.reserved_runs + excluded.reserved_runs;
  return null;
end $$;
create trigger count_budget_use after update on agent_run for each row
  when (new.cost_micro_usd <> old.cost_micro_usd
    or (new.input_tokens, new.output_tokens, new.cached_tokens) <> (old.input_tokens, old.output_tokens, old.cached_tokens)
    or (new.reserved_micro_usd, new.reserved_tokens, new.reserved_runs) <> (old.reserved_micro_usd, old.reserved_tokens, old.reserved_runs)
    or (new.finished_on is not null and old.finished_on is null and new.started_on is not null))
  execute function count_budget_use();

-- What was used before there were caps counts for them too.
alter table agent_run no force row level security;
alter table tenant_terms no force row level security;
alter table budget_use no force row level security;
insert into budget_use (tenant_id, scope, key, month, used_micro_usd, used_tokens, used_runs)
  select run.tenant_id, part.scope, part.key, part.month,
    sum(run.cost_micro_usd), sum(run.input_tokens + run.output_tokens + run.cached_tokens),
    count(*) filter (where run.finished_on is not null)
  from agent_run run, budget_parts(run.tenant_id, run.role, run.activity_id) part
  where run.started_on is not null
    and (part.scope = 'activity' or to_char(run.started_on at time zone 'UTC', 'YYYY-MM') = part.month)
  group by 1, 2, 3, 4;
alter table agent_run force row level security;
alter table tenant_terms force row level security;
alter table budget_use force row level security;
