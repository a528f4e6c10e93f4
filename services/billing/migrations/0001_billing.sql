-- What a tenant can subscribe to.
create table plan (
  code text primary key,
  name text not null,
  position int not null unique,
  monthly_credits int not null check (monthly_credits >= 0),
  -- Credits that may be spent in a month; 0 means no limit besides the balance.
  monthly_cap int not null default 0 check (monthly_cap >= 0),
  -- Share in the fair admission of agent runs.
  weight int not null check (weight between 1 and 100),
  price_minor bigint not null check (price_minor >= 0),
  currency char(3) not null
);
select kit.global_table('plan');
insert into plan (code, name, position, monthly_credits, monthly_cap, weight, price_minor, currency) values
  ('free', 'Free', 1, 200, 0, 1, 0, 'USD'),
  ('pro', 'Pro', 2, 1500, 0, 2, 9900, 'USD'),
  ('agency', 'Agency', 3, 6000, 0, 4, 29900, 'USD'),
  ('enterprise', 'Enterprise', 4, 30000, 0, 8, 99900, 'USD');

create table subscription (
  id uuid primary key,
  tenant_id uuid not null unique,
  plan_code text not null references plan (code),
  -- First of the period that was granted last, and of the next one.
  period_start date not null,
  renews_on date not null,
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz not null default now(),
  version int not null default 1,
  unique (tenant_id, id)
);
select kit.tenant_table('subscription');
select kit.system_access('subscription', 'select');
create index subscription_due on subscription (renews_on);

-- One row per tenant: the lock that reservations queue at, and the sums of its ledger. The ledger is the truth; the sums
-- are changed with it in one statement and can't go below zero.
create table credit_account (
  tenant_id uuid primary key,
  time_zone text not null default 'UTC',
  available bigint not null default 0 check (available >= 0),
  reserved bigint not null default 0 check (reserved >= 0),
  spent bigint not null default 0 check (spent >= 0),
  -- What `spent_in_month` counts: 2026-12, in the tenant's time zone.
  month char(7) not null,
  spent_in_month bigint not null default 0 check (spent_in_month >= 0),
  -- Said once a month, and once until credits come.
  low_told_month char(7),
  exhausted_told boolean not null default false,
  updated_on timestamptz not null default now()
);
select kit.tenant_table('credit_account');

-- Double entry: the postings of a transaction sum to zero, over the accounts granted, available, reserved and spent.
create table credit_entry (
  id uuid primary key,
  tenant_id uuid not null,
  transaction_id uuid not null,
  kind text not null check (kind in ('grant', 'reserve', 'settle', 'release')),
  account text not null check (account in ('granted', 'available', 'reserved', 'spent')),
  amount bigint not null,
  run_id uuid,
  -- What a grant is for, so that it is made once: renewal:2026-12-01.
  grant_key text,
  note text not null default '',
  created_by text not null,
  created_on timestamptz not null default now(),
  unique (tenant_id, id),
  unique (transaction_id, account),
  check ((kind = 'grant') = (run_id is null))
);
select kit.tenant_table('credit_entry');
select kit.append_only('credit_entry');
create unique index credit_entry_once_per_run on credit_entry (tenant_id, run_id, kind, account) where run_id is not null;
create unique index credit_entry_once_per_grant on credit_entry (tenant_id, grant_key, account) where grant_key is not null;
-- The list people see: one line a transaction.
create index credit_entry_list on credit_entry (tenant_id, id desc) where account = 'available';

create function credit_entry_balances() returns trigger
  language plpgsql
  as $$
begin
  if exists (select from added group by transaction_id having sum(amount) <> 0) then
    raise exception 'the postings of a credit transaction must sum to zero';
  end if;
  return null;
end $$;
create trigger credit_entry_balances after insert on credit_entry
  referencing new table as added for each statement execute function credit_entry_balances();
