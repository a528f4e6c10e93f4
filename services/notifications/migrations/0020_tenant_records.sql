-- What people were told about a tenant goes with it, reviewers' feeds included.
select kit.tenant_column('notification', 'about_tenant', 'erase');
select kit.tenant_column('delivery', 'about_tenant', 'erase');
create index notification_by_tenant on notification (about_tenant) where about_tenant is not null;
create index delivery_by_tenant on delivery (about_tenant) where about_tenant is not null;
