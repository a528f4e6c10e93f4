-- What a role goes on with when its first model does not answer: steps [{"adapter", "model"}], tried in order. Role '*'
-- stands for all roles without their own. Keys aren't kept here: a step uses the tenant's own for its adapter, or the platform's.
create table fallback_default (
  role text primary key,
  steps jsonb not null,
  set_by text not null,
  set_on timestamptz not null default now(),
  version int not null default 1
);
select kit.global_table('fallback_default');

create table fallback (
  tenant_id uuid not null,
  role text not null,
  steps jsonb not null,
  set_by text not null,
  set_on timestamptz not null default now(),
  version int not null default 1,
  primary key (tenant_id, role)
);
select kit.tenant_table('fallback');

alter table agent_run
  -- Which of the role's models has it: 0 is the first, 1 the first fallback.
  add column setup_rank int not null default 0,
  -- The attempt with which that model began: each has its own tries.
  add column setup_attempt int not null default 1,
  -- Why it isn't the first one.
  add column fallback_reason text not null default '';
