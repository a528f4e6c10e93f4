-- Runs of the last days over all tenants, for the figures of those who run the platform.
create index agent_run_by_day on agent_run (requested_on);
