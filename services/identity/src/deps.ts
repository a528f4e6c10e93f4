import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Ctx, Database, SecretBox } from "@leadmetrics/kit";
import type { MembershipSchema } from "@leadmetrics/proto/identity/v1/auth";
import type { Passwords } from "./auth/passwords.ts";
import type { SessionEnder } from "./auth/sessions.ts";
import type { IdentityDb } from "./db.ts";
import type { Keys } from "./keys/keys.ts";
import type { PasskeySites } from "./passkeys/sites.ts";

/** A membership as tenancy tells it. */
export interface KnownMembership {
  readonly tenantRef: string;
  readonly active: boolean;
  readonly wire: MessageInitShape<typeof MembershipSchema>;
  readonly role: string;
}

/** Asks tenancy where a user belongs. */
export type MembershipsOf = (ctx: Ctx, userRef: string) => Promise<readonly KnownMembership[]>;

/** What identity's services are built from. */
export interface IdentityDeps {
  readonly db: Database<IdentityDb>;
  readonly box: SecretBox;
  readonly keys: Keys;
  readonly ender: SessionEnder;
  readonly membershipsOf: MembershipsOf;
  readonly passwords: Passwords;
  readonly sites: PasskeySites;
}
