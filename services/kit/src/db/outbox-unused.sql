-- Every event paid for it, and nothing looks by it since outbox_held finds what waits.
drop index kit.outbox_pending_aggregate;
