-- What can be found: one row per thing of any collection, kept up to date by the events of the service that owns it.
-- The Postgres engine searches this table; another engine gets a copy of it (`revision` and `synced_revision` tell what
-- it lacks).
create table document (
  id uuid primary key,
  tenant_id uuid not null,
  collection text not null,
  -- The thing's own id at its owner.
  source_id uuid not null,
  title text not null,
  keywords text not null,
  body text not null,
  status text not null,
  -- Clients don't see it (yet): a draft that no reviewer has let through.
  internal boolean not null,
  -- False until it has what makes it worth finding: a post without a first draft is none.
  complete boolean not null,
  -- Stays as a marker, so that an older event that comes later doesn't bring it back.
  removed boolean not null default false,
  -- Counters of the owner: what an event carries is taken only when it is newer than what is here. The body has one of
  -- its own, because some events don't carry it.
  source_version bigint not null,
  body_version bigint not null,
  revision bigint not null default 1,
  synced_revision bigint not null default 0,
  created_on timestamptz not null default now(),
  updated_on timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, collection, source_id)
);
create index document_unsynced on document (updated_on) where synced_revision < revision;
select kit.tenant_table('document');
select kit.system_access('document', 'select,update');

-- Which words stand in which document, each once per field (1 title, 2 keywords, 3 body); made by the service (see
-- engine/words.ts), so that queries and documents are cut into words in the same way. A table instead of a tsvector:
-- under row-level security an index is only reached by leakproof operators, which comparing text is and @@ and % are not.
create table posting (
  tenant_id uuid not null,
  field smallint not null check (field between 1 and 3),
  word text collate "C" not null,
  document_id uuid not null,
  primary key (tenant_id, field, word, document_id),
  foreign key (tenant_id, document_id) references document (tenant_id, id) on delete cascade
);
create index posting_document on posting (tenant_id, document_id);
select kit.tenant_table('posting');
select kit.system_access('posting', 'select,insert,delete');

-- What another engine refused; empty when it has everything.
create table sync_error (
  id uuid primary key,
  tenant_id uuid not null,
  document_id uuid not null,
  attempts int not null default 1,
  message text not null,
  created_on timestamptz not null default now(),
  updated_on timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, document_id),
  foreign key (tenant_id, document_id) references document (tenant_id, id) on delete cascade
);
select kit.tenant_table('sync_error');
select kit.system_access('sync_error', 'select,insert,update,delete');
