import { requestCtx } from "@leadmetrics/kit";
import { SignInMethodChange } from "@leadmetrics/proto/identity/events/v1/events";
import { sql } from "kysely";
import type { IdentityDeps } from "../deps.ts";
import { refuseWeak, sessionOf } from "./caller.ts";
import { dropSecondFactorChallenges } from "./challenges.ts";
import { signInMethodsChanged } from "./changes.ts";
import { addressKey, forgetAttempts } from "./lockout.ts";
import { appOf, dropMailTokens, requestMailToken, takeMailToken, usedLink } from "./mail-tokens.ts";
import type { AuthMethods } from "./methods.ts";
import { reauthenticate } from "./reauthenticate.ts";

/** Setting a new password, with the mailed link or with the old one. */
export function passwordMethods(
  deps: IdentityDeps,
): AuthMethods<"requestPasswordReset" | "resetPassword" | "changePassword"> {
  const { db, ender, passwords } = deps;
  return {
    async requestPasswordReset(request, hc) {
      await db.global(async (tx) => {
        const user = await tx
          .selectFrom("user_account")
          .selectAll()
          .where(sql`lower(email)`, "=", request.email.toLowerCase())
          .where("deactivated_on", "is", null)
          .executeTakeFirst();
        if (user)
          await requestMailToken(
            tx,
            requestCtx(hc),
            user,
            "password_reset",
            appOf(user.platform_role),
            new Date(),
          );
      });
      return {};
    },

    async resetPassword(request, hc) {
      const now = new Date();
      const passwordHash = await passwords.hash(request.newPassword);
      await db.global(async (tx) => {
        const userId = await takeMailToken(tx, request.token, "password_reset", now);
        if (!userId) throw usedLink();
        // The mail was read by whoever owns the address, so it is verified too.
        const user = await tx
          .updateTable("user_account")
          .set({ email_verified_on: sql`coalesce(email_verified_on, ${now})` })
          .where("id", "=", userId)
          .returning("email")
          .executeTakeFirstOrThrow();
        refuseWeak(request.newPassword, user.email, "new_password");
        await tx
          .insertInto("credential")
          .values({ user_id: userId, password_hash: passwordHash })
          .onConflict((oc) =>
            oc.column("user_id").doUpdateSet({ password_hash: passwordHash, updated_on: now }),
          )
          .execute();
        await dropMailTokens(tx, userId, "password_reset", now);
        await dropSecondFactorChallenges(tx, userId);
        await forgetAttempts(tx, addressKey(user.email));
        await ender.endAllOf(tx, requestCtx(hc), userId, "password_changed", now);
        await signInMethodsChanged(tx, requestCtx(hc), userId, SignInMethodChange.PASSWORD_SET);
      });
      return {};
    },

    async changePassword(request, hc) {
      const ctx = requestCtx(hc);
      const { userId, email } = await reauthenticate(deps, ctx, {
        password: request.currentPassword,
        field: "current_password",
      });
      refuseWeak(request.newPassword, email, "new_password");
      const passwordHash = await passwords.hash(request.newPassword);
      await db.global(async (tx) => {
        const now = new Date();
        await tx
          .updateTable("credential")
          .set({ password_hash: passwordHash, updated_on: now })
          .where("user_id", "=", userId)
          .execute();
        await dropMailTokens(tx, userId, "password_reset", now);
        await dropSecondFactorChallenges(tx, userId);
        await ender.endAllOf(tx, ctx, userId, "password_changed", now, sessionOf(ctx));
        await signInMethodsChanged(tx, ctx, userId, SignInMethodChange.PASSWORD_SET);
      });
      return {};
    },
  };
}
