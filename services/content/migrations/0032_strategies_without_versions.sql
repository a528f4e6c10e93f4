-- Databases that had 0011 while it still read through the policies, which showed it no strategy: what it should have kept.
alter table strategy no force row level security;
alter table goal no force row level security;
alter table strategy_version no force row level security;
insert into strategy_version (id, tenant_id, strategy_id, version, title, body, status, horizon_months, goals, saved_by, saved_on)
  select s.id, s.tenant_id, s.id, s.version, s.title, s.body, s.status, s.horizon_months,
    coalesce((select jsonb_agg(jsonb_build_object('name', g.name, 'metric', g.metric, 'baseline', g.baseline, 'target', g.target, 'due', g.due) order by g.position)
      from goal g where g.tenant_id = s.tenant_id and g.strategy_id = s.id), '[]'),
    coalesce(s.updated_by, s.created_by), s.updated_on
  from strategy s
  where not exists (select from strategy_version v where v.tenant_id = s.tenant_id and v.strategy_id = s.id and v.version = s.version);
alter table strategy force row level security;
alter table goal force row level security;
alter table strategy_version force row level security;
