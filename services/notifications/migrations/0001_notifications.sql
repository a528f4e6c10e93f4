-- What a person was told. A person may have it from several tenants, or from none: it is theirs, not a tenant's.
create table notification (
  id uuid primary key,
  user_id uuid not null,
  about_tenant uuid,
  event_id uuid not null,
  kind text not null,
  title text not null,
  body text not null,
  link text not null,
  read_on timestamptz,
  created_on timestamptz not null default now(),
  unique (event_id, user_id, kind)
);
select kit.global_table('notification');
create index notification_by_user on notification (user_id, id desc);
create index notification_unread on notification (user_id) where read_on is null;

create table preference (
  user_id uuid not null,
  kind text not null,
  in_app boolean not null,
  email boolean not null,
  primary key (user_id, kind)
);
select kit.global_table('preference');

-- One mail to one person for one event: sent once, whatever is delivered again.
create table delivery (
  id uuid primary key,
  event_id uuid not null,
  recipient text not null,
  kind text not null,
  about_tenant uuid,
  status text not null check (status in ('sending', 'sent', 'skipped', 'failed')),
  problem text not null default '',
  attempts int not null default 0,
  created_on timestamptz not null default now(),
  updated_on timestamptz not null default now(),
  unique (event_id, recipient, kind)
);
select kit.global_table('delivery');
