-- One execution of an agent for one step: the truth about it, and the queue it waits in.
create table agent_run (
  id uuid primary key,
  tenant_id uuid not null,
  role text not null,
  work_group text not null,
  lane text not null check (lane in ('interactive', 'batch')),
  activity_id uuid,
  step_id uuid,
  plan_id uuid,
  -- What the run works on: a step, or a plan. One run at a time.
  work_key text not null,
  title text not null,
  wake_reason text not null,
  input jsonb not null,
  traceparent text,
  status text not null check (status in
    ('requested', 'admitted', 'working', 'succeeded', 'failed', 'cancelled', 'awaiting_credits', 'awaiting_config')),
  status_since timestamptz not null default now(),
  problem text not null default '',
  error_class text not null default '',
  attempt int not null default 1,
  -- Goes up with every change of hands; who holds an older number can't write.
  fence int not null default 0,
  not_before timestamptz not null default now(),
  -- A dispatcher looks at it until then.
  held_until timestamptz,
  lease_until timestamptz,
  worker text,
  adapter text not null default '',
  model text not null default '',
  credits int not null default 0,
  credit_state text not null default 'none' check (credit_state in ('none', 'reserved', 'settled', 'released')),
  input_tokens int not null default 0,
  output_tokens int not null default 0,
  cached_tokens int not null default 0,
  cost_micro_usd int not null default 0,
  last_sequence int not null default 0,
  requested_on timestamptz not null default now(),
  started_on timestamptz,
  finished_on timestamptz,
  created_by text not null,
  updated_on timestamptz not null default now(),
  unique (tenant_id, id)
);
select kit.tenant_table('agent_run');
select kit.system_access('agent_run', 'select,update');
create unique index agent_run_one_live on agent_run (tenant_id, work_key)
  where status in ('requested', 'admitted', 'working', 'awaiting_credits', 'awaiting_config');
create index agent_run_list on agent_run (tenant_id, id desc);
create index agent_run_by_activity on agent_run (tenant_id, activity_id, id desc);
create index agent_run_waiting on agent_run (work_group, tenant_id, lane, id) where status = 'requested';
create index agent_run_live on agent_run (work_group, status, tenant_id) where status in ('admitted', 'working');
create index agent_run_held on agent_run (work_group, held_until) where status = 'requested' and held_until is not null;
create index agent_run_deferred on agent_run (status, status_since) where status in ('awaiting_credits', 'awaiting_config');
-- Every claim, beat and end rewrites a row: keep the dead ones few.
alter table agent_run set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
create index agent_run_unsettled on agent_run (finished_on)
  where credit_state = 'reserved' and status in ('succeeded', 'failed', 'cancelled');

-- What a run said, in order; reviewers watch it live and read it later.
create table run_event (
  tenant_id uuid not null,
  run_id uuid not null,
  sequence int not null,
  attempt int not null,
  kind text not null check (kind in ('text', 'tool', 'note')),
  body text not null,
  input_tokens int,
  output_tokens int,
  cached_tokens int,
  cost_micro_usd int,
  occurred_on timestamptz not null default now(),
  primary key (tenant_id, run_id, sequence),
  foreign key (tenant_id, run_id) references agent_run (tenant_id, id)
);
select kit.tenant_table('run_event');
select kit.append_only('run_event');

-- One call of a model. Hashes instead of texts: what was sent stays with the provider.
create table llm_call (
  id uuid primary key,
  tenant_id uuid not null,
  run_id uuid not null,
  attempt int not null,
  adapter text not null,
  model text not null,
  outcome text not null,
  input_tokens int not null,
  output_tokens int not null,
  cached_tokens int not null,
  cost_micro_usd int not null,
  duration_ms int not null,
  prompt_hash text not null,
  response_hash text not null,
  provider_ref text,
  created_on timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, run_id) references agent_run (tenant_id, id)
);
select kit.tenant_table('llm_call');
select kit.append_only('llm_call');
create index llm_call_by_run on llm_call (tenant_id, run_id, id);

-- A tenant's choice of adapter and model for a role; role '*' stands for all roles without their own.
create table agent_config (
  id uuid primary key,
  tenant_id uuid not null,
  role text not null,
  adapter text not null,
  model text not null default '',
  base_url text not null default '',
  sealed_key text,
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id),
  unique (tenant_id, role)
);
select kit.tenant_table('agent_config');

-- What tenancy and billing said about a tenant, as far as admission needs it.
create table tenant_terms (
  tenant_id uuid primary key,
  weight int not null default 1 check (weight between 1 and 100),
  local_only boolean not null default false,
  suspended boolean not null default false,
  -- When credits came last: a refusal from before that is out of date.
  credited_on timestamptz,
  updated_on timestamptz not null default now()
);
select kit.tenant_table('tenant_terms');
select kit.system_access('tenant_terms', 'select');

-- Workers that are alive; their slots are the capacity the dispatcher fills.
create table agent_worker (
  id uuid not null,
  work_group text not null,
  slots int not null,
  seen_on timestamptz not null default now(),
  primary key (id, work_group)
);
select kit.global_table('agent_worker');
