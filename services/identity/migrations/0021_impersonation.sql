-- A super admin looks at the dashboard in a client's place: first a ticket, then a session that reads.
create table impersonation (
  id uuid primary key,
  admin_id uuid not null references user_account (id) on delete cascade,
  user_id uuid not null references user_account (id) on delete cascade,
  acting_tenant uuid not null,
  -- As they were called then: the record of an impersonation doesn't change with a name.
  admin_name text not null,
  user_name text not null,
  reason text not null,
  ticket_token_hash text not null unique,
  ticket_expires_on timestamptz not null,
  opened_on timestamptz,
  created_on timestamptz not null default now(),
  -- The session ends then, whatever is refreshed meanwhile.
  expires_on timestamptz not null,
  ended_on timestamptz,
  ended_cause text
);
create index impersonation_by_tenant on impersonation (acting_tenant, id desc);
create index impersonation_by_end on impersonation (expires_on) where ended_on is null;
create index impersonation_by_admin on impersonation (admin_id) where ended_on is null;
create index impersonation_by_user on impersonation (user_id) where ended_on is null;
select kit.global_table('impersonation');
select kit.tenant_column('impersonation', 'acting_tenant', 'erase');

alter table session add column impersonation_id uuid references impersonation (id) on delete cascade;
create index session_by_impersonation on session (impersonation_id) where impersonation_id is not null;
