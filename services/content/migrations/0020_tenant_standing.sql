-- What tenancy says about a tenant that decides whether anything of it is published.
create table tenant_standing (
  tenant_id uuid primary key,
  suspended boolean not null
);
select kit.tenant_table('tenant_standing');
select kit.system_access('tenant_standing', 'select');
