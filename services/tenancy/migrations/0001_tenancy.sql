create table tenant (
  -- A tenant's row is its own: the same id in both columns, so that one rule isolates it like everything else.
  id uuid primary key,
  tenant_id uuid not null check (tenant_id = id),
  name text not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  time_zone text not null default 'UTC',
  locale text not null default 'en-GB',
  currency text not null default 'EUR',
  local_only boolean not null default false,
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id)
);
select kit.tenant_table('tenant');
select kit.system_access('tenant', 'select,insert');

create table tenant_member (
  id uuid primary key,
  tenant_id uuid not null,
  user_id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  joined_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, user_id),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('tenant_member');
-- Where a user belongs is asked before there is a tenant to be in.
select kit.system_access('tenant_member', 'select,insert');
create index tenant_member_by_user on tenant_member (user_id);

create table invitation (
  id uuid primary key,
  tenant_id uuid not null,
  email text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  token_hash text,
  expires_on timestamptz not null,
  accepted_on timestamptz,
  revoked_on timestamptz,
  created_by text not null,
  created_on timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('invitation');
select kit.system_access('invitation', 'select,update');
create unique index invitation_by_token on invitation (token_hash) where token_hash is not null;
create index invitation_by_tenant on invitation (tenant_id, id desc);

create table reviewer_assignment (
  id uuid primary key,
  tenant_id uuid not null,
  user_id uuid not null,
  assigned_by text not null,
  assigned_on timestamptz not null default now(),
  unique (tenant_id, user_id),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('reviewer_assignment');
select kit.system_access('reviewer_assignment', 'select');
create index reviewer_assignment_by_user on reviewer_assignment (user_id);

create table client_context_version (
  id uuid primary key,
  tenant_id uuid not null,
  version int not null,
  -- ClientContext of the contract, as protobuf JSON.
  context jsonb not null,
  created_by text not null,
  created_on timestamptz not null default now(),
  unique (tenant_id, version),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('client_context_version');
select kit.append_only('client_context_version');

-- One chain per tenant, and one for what concerns the platform ("chain" is the tenant's id, or zeros).
create table audit_entry (
  id uuid primary key,
  chain uuid not null,
  sequence bigint not null,
  event_id uuid not null,
  action text not null,
  actor_kind text not null,
  actor_id text not null,
  entity_kind text not null,
  entity_ref text not null,
  summary text not null,
  trace_id text not null,
  request_id text not null,
  occurred_on timestamptz not null,
  previous_hash text not null,
  hash text not null,
  unique (chain, sequence),
  unique (event_id)
);
alter table audit_entry enable row level security;
alter table audit_entry force row level security;
do $$
begin
  execute format('create policy audit_read on audit_entry for select to %I using (chain = any((select kit.tenant_ids())::uuid[]))', kit.role('app'));
  execute format('create policy audit_read_all on audit_entry for select to %I using (true)', kit.role('platform'));
  execute format('create policy audit_write on audit_entry for all to %I using (true) with check (true)', kit.role('system'));
  execute format('grant select on audit_entry to %I, %I', kit.role('app'), kit.role('platform'));
  execute format('grant select, insert on audit_entry to %I', kit.role('system'));
end $$;
create index audit_entry_by_entity on audit_entry (chain, entity_ref, sequence desc);
create index audit_entry_by_trace on audit_entry (chain, trace_id, sequence desc);
