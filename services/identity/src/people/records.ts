import {
  type Database,
  type HeldStore,
  type Person,
  type ServedService,
  systemCtx,
  tenantRecords,
} from "@leadmetrics/kit";
import { addressKey, personKey } from "../auth/lockout.ts";
import type { SessionEnder } from "../auth/sessions.ts";
import type { IdentityDb } from "../db.ts";

/** Accounts that are erased with one transaction. */
const ACCOUNTS_AT_ONCE = 50;

/**
 * What a tenant has here: the accounts of those who belong to it and to no other tenant, with all that hangs on them.
 * Who works for several, and the platform's own people, stay; their sessions forget where they acted.
 */
export function identityRecords(db: Database<IdentityDb>, ender: SessionEnder): ServedService {
  return tenantRecords({ db, stores: [accounts(db, ender)] });
}

function accounts(db: Database<IdentityDb>, ender: SessionEnder): HeldStore {
  const ofTenant = (people: readonly Person[]) => people.map(({ userId }) => userId);
  return {
    name: "user_account",
    async count(_ctx, people) {
      if (people.length === 0) return 0;
      const { there } = await db.global((tx) =>
        tx
          .selectFrom("user_account")
          .select((eb) => eb.fn.countAll<number>().as("there"))
          .where("id", "in", ofTenant(people))
          .where("platform_role", "is", null)
          .executeTakeFirstOrThrow(),
      );
      return there;
    },
    async erase(_ctx, people) {
      if (people.length === 0) return 0;
      return db.global(async (tx) => {
        const rows = await tx
          .selectFrom("user_account")
          .select(["id", "email"])
          .where("id", "in", ofTenant(people))
          .where("platform_role", "is", null)
          .orderBy("id")
          .limit(ACCOUNTS_AT_ONCE)
          .forUpdate()
          .execute();
        const ctx = systemCtx("identity.erasure");
        for (const { id, email } of rows) {
          await ender.endAllOf(tx, ctx, id, "account_erased", new Date());
          await tx
            .deleteFrom("login_attempt")
            .where("email_hash", "in", [addressKey(email), personKey(id)])
            .execute();
          await tx.deleteFrom("user_account").where("id", "=", id).execute();
        }
        return rows.length;
      });
    },
  };
}
