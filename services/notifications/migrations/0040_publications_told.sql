-- What became of a publication is told once, with what became of the others at that moment.
create table publication_told (
  publication_id uuid not null,
  outcome text not null check (outcome in ('out', 'failed', 'unsure')),
  -- The event that told it, and until when what happened is covered by that.
  event_id uuid not null,
  told_until timestamptz not null,
  about_tenant uuid,
  primary key (publication_id, outcome)
);
select kit.global_table('publication_told');
select kit.tenant_column('publication_told', 'about_tenant', 'erase');
create index publication_told_by_event on publication_told (event_id);
create index publication_told_by_tenant on publication_told (about_tenant) where about_tenant is not null;
