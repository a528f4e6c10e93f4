import type { Generated } from "kysely";

export type AppName = "dashboard" | "dm" | "manage";
export type PlatformRoleName = "reviewer" | "super_admin";
export type MailTokenKindName = "email_verification" | "password_reset";
export type ChallengeKind = "second_factor" | "passkey_sign_in" | "passkey_registration";

export interface UserAccount {
  id: string;
  email: string;
  name: string;
  platform_role: PlatformRoleName | null;
  email_verified_on: Date | null;
  deactivated_on: Date | null;
  company_name: string | null;
  invitation_token_hash: string | null;
  last_tenant: string | null;
  created_on: Generated<Date>;
  updated_on: Generated<Date>;
  version: Generated<number>;
}

export interface IdentityDb {
  user_account: UserAccount;
  credential: { user_id: string; password_hash: string; updated_on: Generated<Date> };
  session: {
    id: string;
    user_id: string;
    acting_tenant: string | null;
    app: AppName;
    ip: string | null;
    user_agent: string | null;
    created_on: Generated<Date>;
    last_used_on: Generated<Date>;
    expires_on: Date;
    revoked_on: Date | null;
    revoked_reason: string | null;
    /** A super admin in the user's place. */
    impersonation_id: string | null;
  };
  impersonation: {
    id: string;
    admin_id: string;
    user_id: string;
    acting_tenant: string;
    admin_name: string;
    user_name: string;
    reason: string;
    ticket_token_hash: string;
    ticket_expires_on: Date;
    opened_on: Date | null;
    created_on: Generated<Date>;
    expires_on: Date;
    ended_on: Date | null;
    ended_cause: string | null;
  };
  refresh_token: {
    token_hash: string;
    session_id: string;
    created_on: Generated<Date>;
    used_on: Date | null;
  };
  mail_token: {
    id: string;
    user_id: string;
    kind: MailTokenKindName;
    token_hash: string | null;
    expires_on: Date;
    used_on: Date | null;
    created_on: Generated<Date>;
  };
  login_attempt: { email_hash: string; failures: number; last_failed_on: Date; locked_until: Date | null };
  signing_key: {
    kid: string;
    public_jwk: unknown;
    sealed_private_jwk: string;
    created_on: Generated<Date>;
    expires_on: Date;
  };
  totp_secret: {
    user_id: string;
    sealed_secret: string;
    confirmed_on: Date | null;
    /** bigint, which the driver reads as text. */
    last_step: Generated<string>;
    created_on: Generated<Date>;
  };
  recovery_code: { user_id: string; code_hash: string; used_on: Date | null; created_on: Generated<Date> };
  challenge: {
    token_hash: string;
    kind: ChallengeKind;
    user_id: string | null;
    app: AppName;
    asked_tenant: string | null;
    attempts: Generated<number>;
    expires_on: Date;
    used_on: Date | null;
    created_on: Generated<Date>;
  };
  passkey: {
    id: string;
    user_id: string;
    credential_id: string;
    public_key: Uint8Array;
    /** bigint, which the driver reads as text. */
    counter: Generated<string>;
    transports: string[];
    rp_id: string;
    name: string;
    synced: boolean;
    created_on: Generated<Date>;
    last_used_on: Date | null;
  };
}
