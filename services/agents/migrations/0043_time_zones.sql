-- Whether tenancy has said where the tenant is; until then its time zone is a guess, and tenancy is asked.
alter table tenant_terms add column zone_known boolean not null default false;

-- Tenants of which nobody has said anything yet.
alter table agent_run no force row level security;
alter table tenant_terms no force row level security;
insert into tenant_terms (tenant_id) select distinct tenant_id from agent_run on conflict do nothing;
alter table agent_run force row level security;
alter table tenant_terms force row level security;
