-- How many activities are in which state, and which of them nobody moves on: measured over all tenants, by count only.
select kit.system_access('activity', 'select');
select kit.system_access('channel', 'select');
