-- A thread is named by the comment that began it; null begins one.
alter table comment add column thread_id uuid;

-- Which revisions a client user has read, for what changed since.
create table revision_seen (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  revision_id uuid not null,
  user_id uuid not null,
  seen_on timestamptz not null default now(),
  unique (tenant_id, user_id, revision_id),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id),
  foreign key (tenant_id, revision_id) references revision (tenant_id, id)
);
select kit.tenant_table('revision_seen');
create index revision_seen_by_activity on revision_seen (tenant_id, activity_id, user_id);

-- Deciding by a mailed link: one person, one revision, one decision. Only the secret's hash is kept.
create table approval_link (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  revision_id uuid not null,
  content_hash text not null,
  user_id uuid not null,
  token_hash text not null,
  created_on timestamptz not null default now(),
  expires_on timestamptz not null,
  revoked_on timestamptz,
  used_on timestamptz,
  used_ip text,
  used_agent text,
  unique (tenant_id, id),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id),
  foreign key (tenant_id, revision_id) references revision (tenant_id, id)
);
select kit.tenant_table('approval_link');
-- Whose a link is, is asked before there is a tenant to be in.
select kit.system_access('approval_link', 'select');
create unique index approval_link_by_token on approval_link (token_hash);
create index approval_link_by_activity on approval_link (tenant_id, activity_id, id desc);
create index approval_link_by_user on approval_link (tenant_id, user_id) where used_on is null and revoked_on is null;

-- The calendar.
create index activity_by_slot on activity (tenant_id, publish_on) where publish_on is not null;
create index publication_by_activity on publication (tenant_id, activity_id);
create index publication_by_confirmation on publication (tenant_id, confirmed_on) where confirmed_on is not null;
