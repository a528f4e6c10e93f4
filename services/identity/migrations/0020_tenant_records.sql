-- People who work for several tenants stay; who worked for the erased one only is erased by name (src/records.ts).
select kit.tenant_column('session', 'acting_tenant', 'forget');
select kit.tenant_column('user_account', 'last_tenant', 'forget');
select kit.tenant_column('challenge', 'asked_tenant', 'forget');
create index session_by_tenant on session (acting_tenant) where acting_tenant is not null;
create index user_account_by_tenant on user_account (last_tenant) where last_tenant is not null;
