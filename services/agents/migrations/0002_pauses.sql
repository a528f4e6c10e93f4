-- What admission leaves waiting: everybody's runs, a tenant's, a role's, or a role's of a tenant. It belongs to the
-- platform, not to the tenant it may be about.
create table agent_pause (
  id uuid primary key,
  about_tenant uuid,
  role text,
  reason text not null,
  created_by text not null,
  created_on timestamptz not null default now(),
  unique nulls not distinct (about_tenant, role)
);
select kit.global_table('agent_pause');
