-- Steps people have published for a kind of content. What the build brings along is version 0 and needs no row.
create table activity_template (
  content_type text not null,
  number int not null check (number > 0),
  steps jsonb not null,
  note text not null,
  published_by text not null,
  published_on timestamptz not null default now(),
  primary key (content_type, number)
);
select kit.global_table('activity_template');
select kit.append_only('activity_template');

-- The version an activity began with; its steps are its own from then on.
alter table activity add column template_number int not null default 0;

-- What a reviewer narrows their lists to, for them alone.
create table saved_filter (
  user_ref text not null,
  place text not null check (place in ('queue', 'board')),
  name text not null,
  choices jsonb not null,
  is_default boolean not null default false,
  saved_on timestamptz not null default now(),
  primary key (user_ref, place, name)
);
select kit.global_table('saved_filter');
create unique index saved_filter_default on saved_filter (user_ref, place) where is_default;
