-- What a reading of a website that was read before has changed.
alter table crawl_job
  add column again boolean not null default false,
  add column pages_added int not null default 0,
  add column pages_changed int not null default 0,
  add column pages_gone int not null default 0,
  -- The first of them, for people to see.
  add column gone_urls text[] not null default '{}';
create index crawl_by_site on crawl_job (tenant_id, site, id desc);

-- Against the crawl before the one it belongs to.
alter table web_page add column change text not null default '' check (change in ('', 'added', 'changed'));
