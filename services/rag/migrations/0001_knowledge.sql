-- A tenant's knowledge: datasets, their files, the passages of the files. Vectors and objects lie outside; what is
-- there and not here is removed by way of `removal`.
create table dataset (
  id uuid primary key,
  tenant_id uuid not null,
  name text not null,
  -- Where files go that name no dataset.
  is_default boolean not null default false,
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz,
  version int not null default 1,
  unique (tenant_id, id)
);
create unique index dataset_default on dataset (tenant_id) where is_default;
select kit.tenant_table('dataset');

create table file (
  id uuid primary key,
  tenant_id uuid not null,
  dataset_id uuid not null,
  name text not null,
  kind text not null check (kind in ('pdf', 'docx', 'markdown', 'html', 'text')),
  media_type text not null,
  size_bytes bigint not null check (size_bytes > 0),
  content_hash text not null,
  object_key text not null,
  title text not null default '',
  status text not null default 'uploaded' check (status in ('uploaded', 'parsing', 'chunking', 'embedding', 'indexed', 'refused')),
  progress_percent int not null default 0 check (progress_percent between 0 and 100),
  problem text not null default '',
  problem_reason text not null default '',
  chunk_count int not null default 0,
  embedding text not null default '',
  -- Processing: whoever holds the token works on it until the lease ends. Null when nobody does.
  attempts int not null default 0,
  next_attempt_on timestamptz,
  lease_token uuid,
  lease_until timestamptz,
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz,
  version int not null default 1,
  unique (tenant_id, id),
  foreign key (tenant_id, dataset_id) references dataset (tenant_id, id)
);
-- The same content twice is one file; a refused one may be tried again.
create unique index file_content on file (tenant_id, content_hash) where status <> 'refused';
create index file_due on file (next_attempt_on) where next_attempt_on is not null;
select kit.tenant_table('file');
select kit.system_access('file', 'select,update');

create table chunk (
  id uuid primary key,
  tenant_id uuid not null,
  file_id uuid not null,
  ordinal int not null,
  locator text not null,
  text text not null,
  -- Which embedding its vector is of; empty until there is one.
  embedding text not null default '',
  words tsvector generated always as (to_tsvector('english', locator || ' ' || text)) stored,
  unique (tenant_id, file_id, ordinal),
  foreign key (tenant_id, file_id) references file (tenant_id, id) on delete cascade
);
select kit.tenant_table('chunk');

-- What has to go from the object store and the vector store. Written before an upload as well, so that a crash between
-- object and row leaves nothing behind.
create table removal (
  id uuid primary key,
  tenant_id uuid not null,
  file_id uuid not null,
  object_key text not null,
  due_on timestamptz not null,
  unique (tenant_id, id)
);
create index removal_due on removal (due_on);
select kit.tenant_table('removal');
select kit.system_access('removal', 'select');

-- What tenancy says that matters here.
create table tenant_policy (
  tenant_id uuid primary key,
  -- Nothing of this tenant goes to a model outside.
  local_only boolean not null
);
select kit.tenant_table('tenant_policy');
select kit.system_access('tenant_policy', 'select');
