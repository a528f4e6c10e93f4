import { type Ctx, errors, type Id, toRef } from "@leadmetrics/kit";
import type { IdentityDeps } from "../deps.ts";
import { sessionEnd } from "../impersonation/rules.ts";
import { liveImpersonation } from "../impersonation/store.ts";
import { tokensOf } from "./finish.ts";
import { chooseMembership, judgeRefresh } from "./rules.ts";
import { addToken } from "./sessions.ts";
import { hashOf } from "./tokens.ts";

/** Rotates; the rights are read anew, so a changed role holds from the next refresh on. */
export async function refresh({ db, keys, ender, membershipsOf }: IdentityDeps, ctx: Ctx, presented: string) {
  const now = new Date();
  const outcome = await db.global(async (tx) => {
    const row = await tx
      .selectFrom("refresh_token")
      .innerJoin("session", "session.id", "refresh_token.session_id")
      .innerJoin("user_account", "user_account.id", "session.user_id")
      .select([
        "session.id as session_id",
        "session.user_id",
        "session.app",
        "session.acting_tenant",
        "session.impersonation_id",
        "session.revoked_on",
        "session.expires_on",
        "refresh_token.used_on",
        "user_account.platform_role",
        "user_account.deactivated_on",
      ])
      .where("token_hash", "=", hashOf(presented))
      .forUpdate("refresh_token")
      .executeTakeFirst();
    const verdict = judgeRefresh(
      row && {
        usedOn: row.used_on,
        revokedOn: row.revoked_on ?? row.deactivated_on,
        expiresOn: row.expires_on,
      },
      now,
    );
    if (verdict === "reused" && row)
      await ender.end(tx, ctx, [{ id: row.session_id, user_id: row.user_id }], "refresh_reused", now);
    if (verdict !== "rotate" || !row) return undefined;
    await tx
      .updateTable("refresh_token")
      .set({ used_on: now })
      .where("token_hash", "=", hashOf(presented))
      .execute();
    const impersonation = row.impersonation_id
      ? await liveImpersonation(tx, row.impersonation_id)
      : undefined;
    if (row.impersonation_id && !impersonation) return undefined;
    const refreshExpiresOn = sessionEnd(now, impersonation?.expires_on);
    await tx
      .updateTable("session")
      .set({ last_used_on: now, expires_on: refreshExpiresOn })
      .where("id", "=", row.session_id)
      .execute();
    return { ...row, impersonation, refreshToken: await addToken(tx, row.session_id), refreshExpiresOn };
  });
  if (!outcome) throw errors.unauthenticated("session_ended", "This session has ended. Sign in again.");
  const userId = outcome.user_id as Id;
  let role: string = outcome.platform_role ?? "";
  let tenantRef: string | undefined;
  if (outcome.app === "dashboard") {
    const acting = outcome.acting_tenant ? toRef(outcome.acting_tenant as Id) : "";
    const chosen = chooseMembership(await membershipsOf(ctx, toRef(userId)), acting, undefined);
    if (!chosen)
      throw errors.unauthenticated(
        "no_active_tenant",
        "You don't belong to this company any more. Sign in again.",
      );
    role = chosen.role;
    tenantRef = chosen.tenantRef;
  }
  const access = await keys.userToken(
    {
      userId,
      sessionId: outcome.session_id as Id,
      app: outcome.app,
      role,
      tenantRef,
      impersonation: outcome.impersonation,
    },
    now,
  );
  return tokensOf(access, outcome.refreshToken, outcome.refreshExpiresOn);
}
