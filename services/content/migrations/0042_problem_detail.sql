-- What an agent's provider said, for the platform's people; `problem` is for everybody.
alter table activity add column problem_detail text not null default '';

-- What failed runs said before named providers.
alter table activity no force row level security;
update activity set
  problem_detail = problem,
  problem = 'The agent could not finish its work. Our team sees why.'
  where status = 'failed' and problem <> '';
alter table activity force row level security;
alter table deliverable_plan no force row level security;
update deliverable_plan set planning_error = 'The agent could not finish its work. Our team sees why.'
  where planning_error <> '';
alter table deliverable_plan force row level security;
