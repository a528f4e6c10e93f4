import { type Ctx, errors, type Id, toRef } from "@leadmetrics/kit";
import { tokensOf } from "../auth/finish.ts";
import { chooseMembership } from "../auth/rules.ts";
import { openSession } from "../auth/sessions.ts";
import { hashOf } from "../auth/tokens.ts";
import type { IdentityDeps } from "../deps.ts";
import { liveImpersonation } from "./store.ts";
import { impersonationView } from "./view.ts";

const over = () =>
  errors.unauthenticated(
    "ticket_over",
    "This link was used before, or is older than a minute. Start again in the manage portal.",
  );

/** Takes a ticket for good: a session in the client's place, for as long as the impersonation lasts. */
export async function openImpersonation({ db, keys, membershipsOf }: IdentityDeps, ctx: Ctx, ticket: string) {
  const now = new Date();
  const taken = await db.global((tx) =>
    tx
      .updateTable("impersonation")
      .from("user_account as admin")
      .set({ opened_on: now })
      .whereRef("admin.id", "=", "impersonation.admin_id")
      .where("admin.platform_role", "=", "super_admin")
      .where("admin.deactivated_on", "is", null)
      .where("ticket_token_hash", "=", hashOf(ticket))
      .where("opened_on", "is", null)
      .where("ended_on", "is", null)
      .where("ticket_expires_on", ">", now)
      .returningAll("impersonation")
      .executeTakeFirst(),
  );
  if (!taken) throw over();
  const userId = taken.user_id as Id;
  const tenantRef = toRef(taken.acting_tenant as Id);
  const chosen = chooseMembership(await membershipsOf(ctx, toRef(userId)), tenantRef, undefined);
  if (!chosen) throw over();
  const opened = await db.global(async (tx) => {
    // Ended while it was asked where the person works.
    if (!(await liveImpersonation(tx, taken.id))) throw over();
    return openSession(
      tx,
      ctx,
      { userId, app: "dashboard", actingTenant: taken.acting_tenant, impersonation: taken },
      now,
    );
  });
  const access = await keys.userToken(
    {
      userId,
      sessionId: opened.sessionId,
      app: "dashboard",
      role: chosen.role,
      tenantRef,
      impersonation: taken,
    },
    now,
  );
  return {
    tokens: tokensOf(access, opened.refreshToken, opened.refreshExpiresOn),
    impersonation: impersonationView(taken),
  };
}
