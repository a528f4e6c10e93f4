-- A note as everybody may read it; `body` names providers and models. Null: what was written before is for the platform's people only.
alter table run_event add column plain text;
