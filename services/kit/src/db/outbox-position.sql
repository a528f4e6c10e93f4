-- The few that were refused and wait: what follows one of them in its aggregate stays behind it.
create index outbox_held on kit.outbox (aggregate_key) where published_at is null and not_before is not null;

-- How far the broker had acknowledged this database's events: where it stands behind that, it has lost some.
create table kit.outbox_position (
  stream text primary key,
  -- Sequence of the newest acknowledged event in the stream.
  seq bigint not null,
  noted_on timestamptz not null default now()
);

do $$
begin
  execute format('grant select, insert, update on kit.outbox_position to %I', kit.role('system'));
end $$;
