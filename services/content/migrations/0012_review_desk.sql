-- Who is at which draft. One row a draft, gone with the decision; a lease that is over counts as gone.
create table review_claim (
  tenant_id uuid not null,
  activity_id uuid not null,
  claimed_by text not null,
  claimed_on timestamptz not null default now(),
  lease_until timestamptz not null,
  primary key (tenant_id, activity_id),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id)
);
select kit.tenant_table('review_claim');

-- A reviewer's unfinished edit: theirs alone, and no revision before they approve it.
create table draft_edit (
  tenant_id uuid not null,
  activity_id uuid not null,
  edited_by text not null,
  base_content_hash text not null,
  title text not null,
  body text not null,
  saved_on timestamptz not null default now(),
  version int not null default 1,
  primary key (tenant_id, activity_id, edited_by),
  foreign key (tenant_id, activity_id) references activity (tenant_id, id)
);
select kit.tenant_table('draft_edit');

-- What was wrong with a rejected draft, and how much of an edited one the reviewer changed, in words.
alter table approval add column reasons text[] not null default '{}';
alter table approval add column words_changed int;
alter table approval add column words_total int;
create index approval_by_person on approval (tenant_id, decided_by, decided_on);
