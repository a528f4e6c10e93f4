-- What tax and commercial law demand of an erased tenant: its payments and the sums of its ledger, without a person's
-- name. Written once; the loops throw it away when the years are over.
create table kept_payment (
  id uuid primary key,
  former_tenant uuid not null,
  provider text not null,
  provider_ref text,
  credits int not null,
  amount_minor bigint not null,
  currency char(3) not null,
  paid_on timestamptz not null,
  keep_until date not null
);
create index kept_payment_by_end on kept_payment (keep_until);
create table kept_account (
  former_tenant uuid primary key,
  granted bigint not null,
  spent bigint not null,
  keep_until date not null
);
create index kept_account_by_end on kept_account (keep_until);
do $$
declare
  kept regclass;
begin
  foreach kept in array array['kept_payment'::regclass, 'kept_account'::regclass] loop
    execute format('grant select, insert on %s to %I', kept, kit.role('app'));
    execute format('grant select, delete on %s to %I', kept, kit.role('system'));
    perform kit.tenant_column(kept, 'former_tenant', 'keep', 'payments and ledger totals are kept for ten years, as tax law demands');
  end loop;
end $$;
create index kept_payment_by_tenant on kept_payment (former_tenant);
