-- The trace that began with the approval of the plan: what people and loops do later to an activity continues it.
alter table activity add column traceparent text;
alter table publication add column traceparent text;
