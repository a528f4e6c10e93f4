-- The smallest tenant table there is, for benchmarks of what lies around it.
create table item (
  id uuid primary key,
  tenant_id uuid not null,
  title text not null,
  body text not null default '',
  created_on timestamptz not null default now(),
  unique (tenant_id, id)
);
select kit.tenant_table('item');
create index item_list on item (tenant_id, id desc);
