create table contract (
  id uuid primary key,
  tenant_id uuid not null,
  title text not null,
  -- PDF.
  document bytea not null check (length(document) <= 5242880),
  -- SHA-256 of the document, hexadecimal.
  document_hash text not null,
  offered_by text not null,
  offered_on timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('contract');
select kit.append_only('contract');
select kit.system_access('contract', 'select');
create index contract_newest on contract (tenant_id, id desc);

create table contract_acceptance (
  id uuid primary key,
  tenant_id uuid not null,
  contract_id uuid not null,
  document_hash text not null,
  user_id uuid not null,
  accepted_on timestamptz not null default now(),
  remote_ip text not null,
  user_agent text not null,
  unique (tenant_id, contract_id),
  foreign key (tenant_id, contract_id) references contract (tenant_id, id)
);
select kit.tenant_table('contract_acceptance');
select kit.append_only('contract_acceptance');
select kit.system_access('contract_acceptance', 'select');
