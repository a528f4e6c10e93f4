-- Every text and state a strategy has had; the row in "strategy" is the present one.
create table strategy_version (
  id uuid primary key,
  tenant_id uuid not null,
  strategy_id uuid not null,
  version int not null,
  title text not null,
  body text not null,
  status text not null,
  horizon_months int not null,
  -- Name, metric, baseline, target and day of each goal.
  goals jsonb not null,
  saved_by text not null,
  saved_on timestamptz not null default now(),
  unique (tenant_id, strategy_id, version),
  foreign key (tenant_id, strategy_id) references strategy (tenant_id, id)
);
select kit.tenant_table('strategy_version');
select kit.append_only('strategy_version');

-- What there was before versions were kept: as it is now.
alter table strategy no force row level security;
alter table goal no force row level security;
alter table strategy_version no force row level security;
insert into strategy_version (id, tenant_id, strategy_id, version, title, body, status, horizon_months, goals, saved_by, saved_on)
  select s.id, s.tenant_id, s.id, s.version, s.title, s.body, s.status, s.horizon_months,
    coalesce((select jsonb_agg(jsonb_build_object('name', g.name, 'metric', g.metric, 'baseline', g.baseline, 'target', g.target, 'due', g.due) order by g.position)
      from goal g where g.tenant_id = s.tenant_id and g.strategy_id = s.id), '[]'),
    coalesce(s.updated_by, s.created_by), s.updated_on
  from strategy s;
alter table strategy force row level security;
alter table goal force row level security;
alter table strategy_version force row level security;
