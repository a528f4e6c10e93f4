-- How a new company gets ready for work. One for each company, made by the first thing that is done in it.
create table onboarding_run (
  id uuid primary key,
  tenant_id uuid not null unique,
  status text not null default 'open' check (status in ('open', 'put_off', 'finished')),
  -- {step: {state, on, by}} of the steps that aren't open.
  steps jsonb not null default '{}',
  research_status text not null default 'none'
    check (research_status in ('none', 'crawling', 'writing', 'proposed', 'accepted', 'failed')),
  website text not null default '',
  crawl_id uuid,
  run_id uuid,
  -- ContextProposal of the contract, as protobuf JSON.
  proposal jsonb,
  problem text not null default '',
  problem_reason text not null default '',
  -- AcceptedField of the contract, as protobuf JSON, one for each field that was taken over.
  accepted jsonb not null default '[]',
  accepted_version int not null default 0,
  -- When research was begun, the last few times: it is free, so it is limited.
  begun timestamptz[] not null default '{}',
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id),
  foreign key (tenant_id, tenant_id) references tenant (tenant_id, id)
);
select kit.tenant_table('onboarding_run');
