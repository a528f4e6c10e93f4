-- A replica of the version that knew one channel only takes an item for published when the first has its post. Its
-- transaction is refused then, and a replica that knows better settles the publication: it stays accepted until one has.
create function published_everywhere() returns trigger
  language plpgsql
  as $$
begin
  if exists (
    select from activity_target t
      join publication p on p.tenant_id = t.tenant_id and p.revision_id = new.revision_id and p.channel_id = t.channel_id
    where t.tenant_id = new.tenant_id and t.activity_id = new.id and t.decision <> 'declined' and p.status <> 'confirmed'
  ) then
    raise exception 'activity % is not out on every channel it goes to', new.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger published_everywhere before update of status on activity
  for each row when (new.status = 'published' and old.status <> 'published') execute function published_everywhere();
