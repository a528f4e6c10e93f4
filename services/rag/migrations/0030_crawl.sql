-- Reading a client's website. A page is a file like an uploaded one, with the address it came from.
alter table file add column source_url text not null default '';

create table crawl_job (
  id uuid primary key,
  tenant_id uuid not null,
  start_url text not null,
  -- Host and port without "www.": what belongs to the site.
  site text not null,
  status text not null default 'queued' check (status in ('queued', 'reading', 'indexing', 'finished', 'cancelled', 'failed')),
  max_pages int not null check (max_pages between 1 and 500),
  pages_found int not null default 0,
  pages_read int not null default 0,
  pages_unchanged int not null default 0,
  pages_skipped int not null default 0,
  pages_failed int not null default 0,
  reading_url text not null default '',
  limited_by text not null default '' check (limited_by in ('', 'pages', 'time')),
  problem text not null default '',
  problem_reason text not null default '',
  -- The site's rules as they were at the beginning; null until they were asked for.
  robots text,
  started_on timestamptz,
  finished_on timestamptz,
  -- Whoever holds the token reads until the lease ends; null when nobody does.
  attempts int not null default 0,
  next_attempt_on timestamptz,
  lease_token uuid,
  lease_until timestamptz,
  created_by text not null,
  created_on timestamptz not null default now(),
  updated_by text,
  updated_on timestamptz,
  version int not null default 1,
  unique (tenant_id, id)
);
create unique index crawl_one_live on crawl_job (tenant_id) where status in ('queued', 'reading', 'indexing');
create index crawl_due on crawl_job (next_attempt_on) where next_attempt_on is not null;
create index crawl_list on crawl_job (tenant_id, id desc);
select kit.tenant_table('crawl_job');
select kit.system_access('crawl_job', 'select,update');

-- One row for each address; it belongs to the crawl that saw it last.
create table web_page (
  id uuid primary key,
  tenant_id uuid not null,
  crawl_id uuid not null,
  url text not null,
  depth int not null,
  status text not null default 'found' check (status in ('found', 'read', 'skipped', 'failed')),
  problem text not null default '',
  problem_reason text not null default '',
  title text not null default '',
  -- Of the text, not of the bytes: those change with every nonce.
  text_hash text not null default '',
  file_id uuid,
  read_on timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, url),
  foreign key (tenant_id, crawl_id) references crawl_job (tenant_id, id) on delete cascade,
  foreign key (tenant_id, file_id) references file (tenant_id, id) on delete set null (file_id)
);
create index web_page_by_crawl on web_page (tenant_id, crawl_id, id desc);
create index web_page_next on web_page (tenant_id, crawl_id, depth, id) where status = 'found';
create index web_page_by_file on web_page (tenant_id, file_id) where file_id is not null;
select kit.tenant_table('web_page');
