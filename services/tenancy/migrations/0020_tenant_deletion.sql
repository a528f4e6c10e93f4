-- The end of a tenant. It belongs to the platform: it outlives the tenant it is about.
create table tenant_deletion (
  id uuid primary key,
  about_tenant uuid not null,
  -- The tenant's; emptied at the end.
  name text not null,
  status text not null check (status in ('requested', 'grace', 'erasing', 'verifying', 'finished', 'cancelled')),
  reason text not null,
  requested_by text not null,
  requested_on timestamptz not null default now(),
  erase_after timestamptz not null,
  -- The tenant's status before, for whoever cancels.
  previous_status text not null,
  -- [{userId, email}] of those who belong to no other tenant; emptied at the end.
  people jsonb not null default '[]',
  -- Where the tenant's audit chain ended when it was erased.
  chain_sequence bigint not null default 0,
  chain_hash text not null default '',
  -- Since when every store has been found empty.
  empty_since timestamptz,
  ended_on timestamptz,
  problem text not null default '',
  next_try timestamptz not null default now(),
  -- JSON, as the hash was made of it.
  report text not null default '',
  report_hash text not null default '',
  version int not null default 1
);
create unique index tenant_deletion_live on tenant_deletion (about_tenant) where status not in ('finished', 'cancelled');
create index tenant_deletion_due on tenant_deletion (next_try) where status not in ('finished', 'cancelled');
create index tenant_deletion_of_tenant on tenant_deletion (about_tenant, id desc);
select kit.global_table('tenant_deletion');
select kit.tenant_column('tenant_deletion', 'about_tenant', 'keep', 'the record and the proof of the deletion');

-- One for each service, and one for the broker.
create table tenant_deletion_step (
  deletion_id uuid not null references tenant_deletion (id),
  holder text not null,
  position int not null,
  status text not null default 'waiting' check (status in ('waiting', 'erased', 'verified')),
  -- [{name, rule, reason, before, erased, after}]
  stores jsonb not null default '[]',
  primary key (deletion_id, holder)
);
select kit.global_table('tenant_deletion_step');

create table tenant_export (
  id uuid primary key,
  tenant_id uuid not null,
  status text not null default 'working' check (status in ('working', 'ready', 'failed', 'expired')),
  requested_by text not null,
  requested_on timestamptz not null default now(),
  finished_on timestamptz,
  expires_on timestamptz,
  attempts int not null default 0,
  bytes bigint not null default 0,
  records bigint not null default 0,
  files int not null default 0,
  sha256 text not null default '',
  problem text not null default '',
  unique (tenant_id, id),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('tenant_export');
select kit.system_access('tenant_export', 'select');
create unique index tenant_export_working on tenant_export (tenant_id) where status = 'working';
create index tenant_export_due on tenant_export (requested_on) where status = 'working';
create index tenant_export_old on tenant_export (expires_on) where status = 'ready';

-- The zip, in pieces: any replica can send it, and it goes with the tenant.
create table tenant_export_piece (
  tenant_id uuid not null,
  export_id uuid not null,
  ordinal int not null,
  bytes bytea not null,
  primary key (tenant_id, export_id, ordinal),
  foreign key (tenant_id, export_id) references tenant_export (tenant_id, id)
);
select kit.tenant_table('tenant_export_piece');

-- A deletion suspends and brings back, and looks for people who belong nowhere else.
do $$
begin
  execute format('grant update on tenant to %I', kit.role('system'));
end $$;
select kit.tenant_column('audit_entry', 'chain', 'erase');
select kit.tenant_column('audit_head', 'chain', 'erase');
