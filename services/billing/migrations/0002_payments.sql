-- Credits that were bought: written before the provider is asked, paid when the provider says so.
create table top_up (
  id uuid primary key,
  tenant_id uuid not null,
  provider text not null,
  provider_ref text,
  credits int not null check (credits > 0),
  amount_minor bigint not null check (amount_minor > 0),
  currency char(3) not null,
  status text not null default 'open' check (status in ('open', 'paid')),
  paid_on timestamptz,
  created_by text not null,
  created_on timestamptz not null default now(),
  unique (tenant_id, id),
  unique (provider, provider_ref)
);
select kit.tenant_table('top_up');
select kit.system_access('top_up', 'select');

-- Events of providers that were taken in: they come more than once and out of order.
create table payment_event (
  provider text not null,
  event_id text not null,
  kind text not null,
  received_on timestamptz not null default now(),
  primary key (provider, event_id)
);
select kit.global_table('payment_event');
select kit.append_only('payment_event');
