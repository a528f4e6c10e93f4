-- What is published without the client's own approval: [{"contentType", "channelId"}], null for any.
create table client_review (
  tenant_id uuid primary key,
  skips jsonb not null,
  set_by text not null,
  set_on timestamptz not null default now(),
  version int not null default 1
);
select kit.tenant_table('client_review');

-- Whether that setting was the client's yes.
alter table approval add column by_setting boolean not null default false;
alter table activity add column approved_by_setting boolean not null default false;
create index activity_by_setting on activity (tenant_id, id)
  where approved_by_setting and status in ('approved', 'scheduled', 'on_hold');
