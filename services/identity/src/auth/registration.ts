import { emit, errors, type Id, newId, platformSettings, requestCtx, toRef } from "@leadmetrics/kit";
import { UserRegisteredSchema, UserVerifiedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { App } from "@leadmetrics/proto/identity/v1/auth";
import { sql } from "kysely";
import type { IdentityDeps } from "../deps.ts";
import { refuseWeak } from "./caller.ts";
import { requestMailToken, takeMailToken, usedLink } from "./mail-tokens.ts";
import type { AuthMethods } from "./methods.ts";
import { hashOf } from "./tokens.ts";

/** From the form to a confirmed address. */
export function registration({ db, passwords }: IdentityDeps): AuthMethods<"register" | "verifyEmail"> {
  return {
    async register(request, hc) {
      const ctx = requestCtx(hc);
      if (!request.invitationToken && !platformSettings.get("sign_up.open"))
        throw errors.conflict(
          "sign_up_closed",
          "New companies can't sign up at the moment. Ask for an invitation, or try again later.",
        );
      refuseWeak(request.password, request.email, "password");
      if (!request.companyName && !request.invitationToken) {
        throw errors.invalid("companyName: tell us your company's name, or come with an invitation.", [
          { field: "company_name", description: "is needed without an invitation" },
        ]);
      }
      const passwordHash = await passwords.hash(request.password);
      await db.global(async (tx) => {
        const user = { id: newId(), email: request.email, name: request.name };
        const added = await tx
          .insertInto("user_account")
          .values({
            ...user,
            platform_role: null,
            email_verified_on: null,
            deactivated_on: null,
            last_tenant: null,
            company_name: request.companyName || null,
            invitation_token_hash: request.invitationToken ? hashOf(request.invitationToken) : null,
          })
          .onConflict((oc) => oc.expression(sql`lower(email)`).doNothing())
          .returning("id")
          .executeTakeFirst();
        // A taken address gets the same answer; its owner can sign in or reset the password.
        if (!added) return;
        await tx.insertInto("credential").values({ user_id: user.id, password_hash: passwordHash }).execute();
        await emit(
          tx,
          ctx,
          UserRegisteredSchema,
          { userRef: toRef(user.id), email: user.email, name: user.name, companyName: request.companyName },
          { aggregate: user.id },
        );
        await requestMailToken(tx, ctx, user, "email_verification", App.DASHBOARD, new Date());
      });
      return {};
    },

    async verifyEmail(request, hc) {
      const ctx = requestCtx(hc);
      const now = new Date();
      await db.global(async (tx) => {
        const userId = await takeMailToken(tx, request.token, "email_verification", now);
        if (!userId) throw usedLink();
        const user = await tx
          .updateTable("user_account")
          .set({ email_verified_on: now, updated_on: now })
          .where("id", "=", userId)
          .returningAll()
          .executeTakeFirstOrThrow();
        await emit(
          tx,
          ctx,
          UserVerifiedSchema,
          {
            userRef: toRef(user.id as Id),
            email: user.email,
            name: user.name,
            companyName: user.company_name ?? "",
            invitationTokenHash: user.invitation_token_hash ?? "",
          },
          { aggregate: user.id },
        );
      });
      return {};
    },
  };
}
