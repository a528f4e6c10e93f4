-- Users belong to no tenant: they may work in several. Nothing here has tenant_id.
create table user_account (
  id uuid primary key,
  email text not null,
  name text not null,
  platform_role text check (platform_role in ('reviewer', 'super_admin')),
  email_verified_on timestamptz,
  deactivated_on timestamptz,
  -- What they came with; empty once their tenant exists.
  company_name text,
  invitation_token_hash text,
  last_tenant uuid,
  created_on timestamptz not null default now(),
  updated_on timestamptz not null default now(),
  version int not null default 1
);
create unique index user_account_email on user_account (lower(email));
select kit.global_table('user_account');

create table credential (
  user_id uuid primary key references user_account (id) on delete cascade,
  -- argon2id, with its parameters.
  password_hash text not null,
  updated_on timestamptz not null default now()
);
select kit.global_table('credential');

-- A refresh-token family: one sign-in on one device. Its tokens are rows below.
create table session (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  acting_tenant uuid,
  app text not null check (app in ('dashboard', 'dm', 'manage')),
  ip text,
  user_agent text,
  created_on timestamptz not null default now(),
  last_used_on timestamptz not null default now(),
  expires_on timestamptz not null,
  revoked_on timestamptz,
  revoked_reason text
);
create index session_by_user on session (user_id, id desc) where revoked_on is null;
select kit.global_table('session');

create table refresh_token (
  token_hash text primary key,
  session_id uuid not null references session (id) on delete cascade,
  created_on timestamptz not null default now(),
  used_on timestamptz
);
create index refresh_token_by_session on refresh_token (session_id);
select kit.global_table('refresh_token');

-- A mail with a link is wanted; the secret is made when the mail is written.
create table mail_token (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  kind text not null check (kind in ('email_verification', 'password_reset')),
  token_hash text unique,
  expires_on timestamptz not null,
  used_on timestamptz,
  created_on timestamptz not null default now()
);
create index mail_token_by_user on mail_token (user_id, kind);
select kit.global_table('mail_token');

-- Failed sign-ins by address, whether or not it has an account.
create table login_attempt (
  email_hash text primary key,
  failures int not null default 0,
  last_failed_on timestamptz not null default now(),
  locked_until timestamptz
);
select kit.global_table('login_attempt');

create table signing_key (
  kid text primary key,
  public_jwk jsonb not null,
  -- The private JWK, sealed with this service's encryption key.
  sealed_private_jwk text not null,
  created_on timestamptz not null default now(),
  -- Verifies until then; the newest one signs.
  expires_on timestamptz not null
);
select kit.global_table('signing_key');
