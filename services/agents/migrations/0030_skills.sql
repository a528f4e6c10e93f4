-- Skills that people have begun to change. What the build brings along is version 0 of each and needs no row.
create table skill (
  name text primary key,
  -- The published version.
  number int not null default 0,
  draft_title text,
  draft_body text,
  draft_by text,
  draft_on timestamptz,
  version int not null default 1,
  check ((draft_body is null) = (draft_title is null))
);
select kit.global_table('skill');

create table skill_version (
  name text not null references skill (name),
  number int not null check (number > 0),
  title text not null,
  body text not null,
  note text not null,
  published_by text not null,
  published_on timestamptz not null default now(),
  primary key (name, number)
);
select kit.global_table('skill_version');
select kit.append_only('skill_version');

-- What the prompt of an attempt was made of.
create table run_skill (
  tenant_id uuid not null,
  run_id uuid not null,
  attempt int not null,
  name text not null,
  number int not null,
  primary key (tenant_id, run_id, attempt, name),
  foreign key (tenant_id, run_id) references agent_run (tenant_id, id)
);
select kit.tenant_table('run_skill');
select kit.append_only('run_skill');
