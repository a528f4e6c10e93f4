-- What an erased tenant's runs waited for goes with them.
select kit.tenant_column('agent_pause', 'about_tenant', 'erase');
