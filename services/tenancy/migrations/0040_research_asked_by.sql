-- Who waits for the proposal: the reference of a user, empty for those begun before.
alter table onboarding_run add column asked_by text not null default '';
