import type { ServiceImpl } from "@connectrpc/connect";
import {
  type Ctx,
  type Database,
  emit,
  errors,
  fromRef,
  type Id,
  requestCtx,
  type Tx,
  toRef,
} from "@leadmetrics/kit";
import { SignInMethodChange } from "@leadmetrics/proto/identity/events/v1/events";
import type { UsersService } from "@leadmetrics/proto/identity/v1/users";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { dropSecondFactorChallenges } from "../auth/challenges.ts";
import { signInMethodsChanged } from "../auth/changes.ts";
import { sessionView } from "../auth/session-rpc.ts";
import type { SessionEnder } from "../auth/sessions.ts";
import type { IdentityDb } from "../db.ts";

type Help = Pick<
  ServiceImpl<typeof UsersService>,
  "listUserSessions" | "endUserSessions" | "resetSecondFactor"
>;

/** What a super admin does for a person who can't help themselves; each leaves its reason in the audit trail. */
export function helpMethods(db: Database<IdentityDb>, ender: SessionEnder): Help {
  return {
    async listUserSessions({ userRef }) {
      const id = fromRef(userRef, "user");
      return db.global(async (tx) => {
        await find(tx, id);
        const sessions = await tx
          .selectFrom("session")
          .selectAll()
          .where("user_id", "=", id)
          .where("revoked_on", "is", null)
          .where("expires_on", ">", new Date())
          .orderBy("id", "desc")
          .execute();
        const totp = await tx
          .selectFrom("totp_secret")
          .select("confirmed_on")
          .where("user_id", "=", id)
          .executeTakeFirst();
        const passkeys = await tx
          .selectFrom("passkey")
          .select((eb) => eb.fn.countAll<string>().as("count"))
          .where("user_id", "=", id)
          .executeTakeFirstOrThrow();
        return {
          sessions: sessions.map((row) => sessionView(row, false)),
          totpOn: Boolean(totp?.confirmed_on),
          passkeys: Number(passkeys.count),
        };
      });
    },

    async endUserSessions({ userRef, reason }, hc) {
      const ctx = requestCtx(hc);
      const id = fromRef(userRef, "user");
      const ended = await db.global(async (tx) => {
        const user = await find(tx, id);
        const count = await ender.endAllOf(tx, ctx, id, "ended_by_admin", new Date());
        await record(
          tx,
          ctx,
          id,
          "identity.sessions.ended",
          `${user.email} was signed out everywhere`,
          reason,
        );
        return count;
      });
      return { ended };
    },

    async resetSecondFactor({ userRef, reason }, hc) {
      const ctx = requestCtx(hc);
      const id = fromRef(userRef, "user");
      await db.global(async (tx) => {
        const user = await find(tx, id);
        const gone = await tx.deleteFrom("totp_secret").where("user_id", "=", id).executeTakeFirst();
        if (gone.numDeletedRows === 0n)
          throw errors.conflict("totp_off", "This person has no second factor that could be reset.");
        await tx.deleteFrom("recovery_code").where("user_id", "=", id).execute();
        await dropSecondFactorChallenges(tx, id);
        await signInMethodsChanged(tx, ctx, id, SignInMethodChange.APP_REMOVED);
        // Whoever has the lost device may have a session too.
        await ender.endAllOf(tx, ctx, id, "second_factor_reset", new Date());
        await record(
          tx,
          ctx,
          id,
          "identity.second_factor.reset",
          `The second factor of ${user.email} was reset`,
          reason,
        );
      });
      return {};
    },
  };
}

async function find(tx: Tx<IdentityDb>, id: string) {
  const row = await tx
    .selectFrom("user_account")
    .select(["id", "email"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) throw errors.notFound("user");
  return row;
}

function record(tx: Tx<IdentityDb>, ctx: Ctx, id: Id, action: string, summary: string, reason: string) {
  return emit(
    tx,
    ctx,
    AuditRecordedSchema,
    { action, entityKind: "user", entityRef: toRef(id), summary, reason },
    { aggregate: id },
  );
}
