-- Several channels for one content item. A deliverable written by an earlier version has none here: it is a list of its one.
alter table deliverable add column channel_ids uuid[] not null default '{}';

-- Where an activity goes, and what the client decided about each channel.
create table activity_target (
  id uuid primary key,
  tenant_id uuid not null,
  activity_id uuid not null,
  channel_id uuid not null,
  -- In the order of the plan.
  position int not null,
  decision text not null default 'pending' check (decision in ('pending', 'approved', 'declined')),
  note text not null default '',
  decided_by text,
  decided_on timestamptz,
  -- Its own moment; null when it goes with the activity's.
  publish_on timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, activity_id, channel_id),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id),
  foreign key (tenant_id, channel_id) references channel (tenant_id, id)
);
create index activity_target_by_moment on activity_target (tenant_id, publish_on) where publish_on is not null;

-- What there was before: one channel, decided when it has a publication. The owner sees no tenant's rows while their
-- policies hold for it, too.
alter table activity no force row level security;
alter table publication no force row level security;
alter table approval no force row level security;
insert into activity_target (id, tenant_id, activity_id, channel_id, position, decision, decided_by, decided_on)
  select a.id, a.tenant_id, a.id, a.channel_id, 0,
    case when p.id is null then 'pending' else 'approved' end, y.decided_by, y.decided_on
  from activity a
    left join publication p on p.tenant_id = a.tenant_id and p.activity_id = a.id and p.channel_id = a.channel_id
      and p.revision_id = a.revision_id
    left join lateral (
      select decided_by, decided_on from approval
      where tenant_id = a.tenant_id and activity_id = a.id and p.id is not null
        and step = 'client_review' and decision = 'approved'
      order by id desc limit 1
    ) y on true
  where a.channel_id is not null;
alter table activity force row level security;
alter table publication force row level security;
alter table approval force row level security;
select kit.tenant_table('activity_target');

-- Replicas of the version before, which know one channel only, still write while this one is rolled out.
create function target_of_new_activity() returns trigger
  language plpgsql
  as $$
begin
  insert into activity_target (id, tenant_id, activity_id, channel_id, position)
    values (new.id, new.tenant_id, new.id, new.channel_id, 0);
  return null;
end $$;
create trigger target_of_new_activity after insert on activity
  for each row when (new.channel_id is not null) execute function target_of_new_activity();

-- Each channel of a client's approval, as it was decided: [{"channelId", "approved", "note"}].
alter table approval add column channels jsonb not null default '[]';
