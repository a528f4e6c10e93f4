-- How far each chain has come, kept apart from its entries: without it, entries cut off the end would leave a whole chain.
create table audit_head (
  chain uuid primary key,
  sequence bigint not null,
  hash text not null
);
alter table audit_entry no force row level security;
insert into audit_head (chain, sequence, hash)
  select distinct on (chain) chain, sequence, hash from audit_entry order by chain, sequence desc;
alter table audit_entry force row level security;

-- In the transaction of the entries, whoever writes them. It never goes back.
create function audit_head_moves() returns trigger
  language plpgsql
  as $$
begin
  insert into audit_head (chain, sequence, hash)
    select distinct on (chain) chain, sequence, hash from added order by chain, sequence desc
    on conflict (chain) do update set sequence = excluded.sequence, hash = excluded.hash
      where audit_head.sequence < excluded.sequence;
  return null;
end $$;
create trigger audit_head_moves after insert on audit_entry
  referencing new table as added for each statement execute function audit_head_moves();

do $$
begin
  execute format('grant select, insert, update on audit_head to %I', kit.role('system'));
end $$;
