-- Lists of one status, newest first.
create index activity_list_by_status on activity (tenant_id, status, id desc);
