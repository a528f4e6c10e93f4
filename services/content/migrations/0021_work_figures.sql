-- What was written and published in the last days over all tenants, and what is in trouble, for those who run the platform.
create index revision_by_day on revision (created_on);
create index publication_by_day on publication (confirmed_on) where status = 'confirmed';
create index activity_in_trouble on activity (owed_since)
  where owed_by = 'nobody' or status in ('failed', 'publish_failed', 'unconfirmed');
create index channel_in_trouble on channel (updated_on) where status in ('expired', 'unreachable');
