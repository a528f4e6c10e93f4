create table strategy (
  id uuid primary key,
  tenant_id uuid not null,
  title text not null,
  body text not null,
  status text not null default 'draft' check (status in ('draft', 'approved', 'archived')),
  horizon_months int not null check (horizon_months between 1 and 36),
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id)
);
select kit.tenant_table('strategy');
create index strategy_list on strategy (tenant_id, id desc);

create table goal (
  id uuid primary key,
  tenant_id uuid not null,
  strategy_id uuid not null,
  position int not null,
  name text not null,
  metric text not null,
  baseline double precision not null,
  target double precision not null,
  current double precision not null,
  due date,
  unique (tenant_id, id),
  foreign key (tenant_id, strategy_id) references strategy (tenant_id, id)
);
select kit.tenant_table('goal');
create index goal_by_strategy on goal (tenant_id, strategy_id, position);

create table goal_snapshot (
  id uuid primary key,
  tenant_id uuid not null,
  goal_id uuid not null,
  value double precision not null,
  taken_on timestamptz not null default now(),
  foreign key (tenant_id, goal_id) references goal (tenant_id, id) on delete cascade
);
select kit.tenant_table('goal_snapshot');
create index goal_snapshot_by_goal on goal_snapshot (tenant_id, goal_id, id);

create table channel (
  id uuid primary key,
  tenant_id uuid not null,
  kind text not null,
  name text not null,
  url text not null,
  username text not null,
  -- Sealed for this tenant and channel; null once it is disconnected.
  sealed_credentials text,
  status text not null check (status in ('connected', 'expired', 'unreachable', 'disconnected')),
  problem text not null default '',
  tested_on timestamptz,
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id)
);
select kit.tenant_table('channel');
create index channel_list on channel (tenant_id, id desc);

create table deliverable_plan (
  id uuid primary key,
  tenant_id uuid not null,
  title text not null,
  starts date not null,
  ends date not null check (ends >= starts),
  status text not null default 'awaiting_approval' check (status in ('awaiting_approval', 'approved', 'completed')),
  approved_on timestamptz,
  approved_by text,
  planner_run_id uuid,
  planning_error text not null default '',
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id)
);
select kit.tenant_table('deliverable_plan');
create index deliverable_plan_list on deliverable_plan (tenant_id, id desc);

create table deliverable (
  id uuid primary key,
  tenant_id uuid not null,
  plan_id uuid not null,
  position int not null,
  content_type text not null,
  quantity int not null check (quantity between 1 and 500),
  theme text not null default '',
  channel_id uuid,
  goal_id uuid,
  unique (tenant_id, id),
  foreign key (tenant_id, plan_id) references deliverable_plan (tenant_id, id) on delete cascade,
  foreign key (tenant_id, channel_id) references channel (tenant_id, id),
  foreign key (tenant_id, goal_id) references goal (tenant_id, id)
);
select kit.tenant_table('deliverable');
create index deliverable_by_plan on deliverable (tenant_id, plan_id, position);

create table deliverable_period (
  id uuid primary key,
  tenant_id uuid not null,
  plan_id uuid not null,
  deliverable_id uuid not null,
  starts date not null,
  ends date not null,
  target_count int not null,
  completed_count int not null default 0,
  unique (tenant_id, id),
  unique (tenant_id, deliverable_id, starts),
  foreign key (tenant_id, plan_id) references deliverable_plan (tenant_id, id),
  foreign key (tenant_id, deliverable_id) references deliverable (tenant_id, id)
);
select kit.tenant_table('deliverable_period');
create index deliverable_period_by_plan on deliverable_period (tenant_id, plan_id, id desc);

create table activity (
  id uuid primary key,
  tenant_id uuid not null,
  plan_id uuid not null,
  deliverable_id uuid not null,
  period_id uuid not null,
  content_type text not null,
  title text not null,
  theme text not null default '',
  status text not null,
  -- Where an activity on hold goes back to.
  held_from text,
  owed_by text not null,
  owed_since timestamptz not null default now(),
  promised_on timestamptz,
  current_step text,
  run_id uuid,
  revision_id uuid,
  revision_number int not null default 0,
  content_hash text not null default '',
  rejections int not null default 0,
  escalated boolean not null default false,
  channel_id uuid,
  publish_on timestamptz,
  published_url text not null default '',
  problem text not null default '',
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id),
  foreign key (tenant_id, plan_id) references deliverable_plan (tenant_id, id),
  foreign key (tenant_id, deliverable_id) references deliverable (tenant_id, id),
  foreign key (tenant_id, period_id) references deliverable_period (tenant_id, id),
  foreign key (tenant_id, channel_id) references channel (tenant_id, id)
);
select kit.tenant_table('activity');
create index activity_list on activity (tenant_id, id desc);
create index activity_by_plan on activity (tenant_id, plan_id, id desc);
create index activity_by_status on activity (tenant_id, status, promised_on, id);

create table activity_step (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  position int not null,
  kind text not null,
  agent_role text not null default '',
  status text not null default 'pending',
  run_id uuid,
  output text not null default '',
  started_on timestamptz,
  finished_on timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, activity_id, position),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id)
);
select kit.tenant_table('activity_step');

create table revision (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  number int not null,
  title text not null,
  body text not null,
  excerpt text not null default '',
  slug text not null default '',
  author text not null,
  parent_id uuid,
  content_hash text not null,
  offline_draft boolean not null default false,
  citations jsonb not null default '[]',
  created_on timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, activity_id, number),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id)
);
select kit.tenant_table('revision');
select kit.append_only('revision');

create table approval (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  step text not null check (step in ('dm_review', 'client_review')),
  decision text not null check (decision in ('approved', 'edited_and_approved', 'rejected')),
  revision_id uuid not null,
  content_hash text not null,
  note text not null default '',
  decided_by text not null,
  decided_on timestamptz not null default now(),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id),
  foreign key (tenant_id, revision_id) references revision (tenant_id, id)
);
select kit.tenant_table('approval');
select kit.append_only('approval');
create index approval_by_activity on approval (tenant_id, activity_id, id);

create table comment (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  author text not null,
  text text not null,
  internal boolean not null default false,
  created_on timestamptz not null default now(),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id)
);
select kit.tenant_table('comment');
create index comment_by_activity on comment (tenant_id, activity_id, id);

create table publication (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  revision_id uuid not null,
  channel_id uuid not null,
  content_hash text not null,
  status text not null default 'prepared' check (status in ('prepared', 'sending', 'accepted', 'confirmed', 'unconfirmed', 'failed')),
  slug text not null,
  remote_id text not null default '',
  url text not null default '',
  problem text not null default '',
  attempts int not null default 0,
  lookups int not null default 0,
  -- Counts up with each claim; a sender that lost its lease can't write.
  fence int not null default 0,
  lease_until timestamptz,
  next_try timestamptz not null default now(),
  confirmed_on timestamptz,
  created_on timestamptz not null default now(),
  updated_on timestamptz not null default now(),
  unique (tenant_id, id),
  -- One delivery of one revision to one channel.
  unique (tenant_id, revision_id, channel_id),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id),
  foreign key (tenant_id, revision_id) references revision (tenant_id, id),
  foreign key (tenant_id, channel_id) references channel (tenant_id, id)
);
select kit.tenant_table('publication');
select kit.system_access('publication', 'select');
create index publication_due on publication (next_try) where status in ('prepared', 'sending', 'accepted', 'unconfirmed');
