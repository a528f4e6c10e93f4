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
