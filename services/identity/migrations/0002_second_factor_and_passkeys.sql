-- Time-based codes: one secret a user. Asked for at sign-in once it is confirmed.
create table totp_secret (
  user_id uuid primary key references user_account (id) on delete cascade,
  -- Sealed with this service's encryption key, bound to the user.
  sealed_secret text not null,
  confirmed_on timestamptz,
  -- The last time step a code was taken for; that step and earlier ones are refused from then on.
  last_step bigint not null default 0,
  created_on timestamptz not null default now()
);
select kit.global_table('totp_secret');

-- For the day the phone is lost. Each works once.
create table recovery_code (
  user_id uuid not null references user_account (id) on delete cascade,
  code_hash text not null,
  used_on timestamptz,
  created_on timestamptz not null default now(),
  primary key (user_id, code_hash)
);
select kit.global_table('recovery_code');

-- What was asked of somebody who signs in or registers a passkey. Taken once, soon.
create table challenge (
  token_hash text primary key,
  kind text not null check (kind in ('second_factor', 'passkey_sign_in', 'passkey_registration')),
  -- Null for a passkey sign-in: who it is turns out with the answer.
  user_id uuid references user_account (id) on delete cascade,
  app text not null check (app in ('dashboard', 'dm', 'manage')),
  asked_tenant text,
  -- Wrong codes so far.
  attempts int not null default 0,
  expires_on timestamptz not null,
  used_on timestamptz,
  created_on timestamptz not null default now()
);
create index challenge_by_end on challenge (expires_on);
create index challenge_by_user on challenge (user_id) where user_id is not null;
select kit.global_table('challenge');

create table passkey (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  -- base64url, chosen by the authenticator.
  credential_id text not null unique,
  -- COSE key.
  public_key bytea not null,
  -- Signatures made so far, as the authenticator says; many say 0 always.
  counter bigint not null default 0,
  transports text[] not null default '{}',
  rp_id text not null,
  name text not null,
  synced boolean not null default false,
  created_on timestamptz not null default now(),
  last_used_on timestamptz
);
create index passkey_by_user on passkey (user_id, id);
select kit.global_table('passkey');
