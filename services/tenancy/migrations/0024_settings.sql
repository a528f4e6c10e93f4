-- What is set for the whole platform. What there is to set, and the defaults, are declared in services/kit/src/settings.
create table platform_setting (
  name text primary key,
  -- Null: the default.
  value jsonb,
  version int not null default 1,
  updated_by text not null,
  updated_on timestamptz not null default now()
);
select kit.global_table('platform_setting');

-- Which share of the tenants has a feature.
create table feature_share (
  name text primary key,
  share int not null check (share between 0 and 100),
  version int not null default 1,
  updated_by text not null,
  updated_on timestamptz not null default now()
);
select kit.global_table('feature_share');

-- What is said of one tenant by name, whatever the share is.
create table tenant_feature (
  id uuid primary key,
  tenant_id uuid not null,
  name text not null,
  enabled boolean not null,
  set_by text not null,
  set_on timestamptz not null default now(),
  unique (tenant_id, name),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('tenant_feature');
select kit.system_access('tenant_feature', 'select');
