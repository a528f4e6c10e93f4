import { create, type MessageShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { AppError, type Ctx, type Id, toRef, tryFromRef } from "@leadmetrics/kit";
import {
  LoginResponseSchema,
  PlatformRole,
  TokensSchema,
  UserSchema,
} from "@leadmetrics/proto/identity/v1/auth";
import type { AppName, UserAccount } from "../db.ts";
import type { IdentityDeps } from "../deps.ts";
import { addressKey, forgetAttempts } from "./lockout.ts";
import { chooseMembership, mayUse } from "./rules.ts";
import { openSession } from "./sessions.ts";

export type UserRow = Pick<
  UserAccount,
  "id" | "email" | "name" | "email_verified_on" | "platform_role" | "deactivated_on" | "last_tenant"
> & { created_on: Date };

/** Whether somebody who has proven who they are may come in here. */
export function mayEnter(user: UserRow, app: AppName): boolean {
  return user.email_verified_on !== null && user.deactivated_on === null && mayUse(app, user.platform_role);
}

/** The last step of every way to sign in: a session in the tenant asked for, and its tokens. */
export async function finishSignIn(
  { db, keys, membershipsOf }: IdentityDeps,
  ctx: Ctx,
  { user, app, askedTenant }: { user: UserRow; app: AppName; askedTenant: string },
  now: Date,
): Promise<MessageShape<typeof LoginResponseSchema>> {
  const userId = user.id as Id;
  const memberships = app === "dashboard" ? await membershipsOf(ctx, toRef(userId)) : [];
  const chosen = chooseMembership(
    memberships,
    askedTenant,
    user.last_tenant ? toRef(user.last_tenant as Id) : undefined,
  );
  if (app === "dashboard" && !chosen) {
    throw new AppError(
      "unauthenticated",
      "no_active_tenant",
      "Your company isn't set up yet, or is suspended. Try again in a moment, or write to us.",
    );
  }
  const actingTenant = chosen ? (tryFromRef(chosen.tenantRef) ?? null) : null;
  const opened = await db.global(async (tx) => {
    await forgetAttempts(tx, addressKey(user.email));
    if (actingTenant)
      await tx
        .updateTable("user_account")
        .set({ last_tenant: actingTenant })
        .where("id", "=", userId)
        .execute();
    return openSession(tx, ctx, { userId, app, actingTenant }, now);
  });
  const access = await keys.userToken(
    {
      userId,
      sessionId: opened.sessionId,
      app,
      role: chosen?.role ?? user.platform_role ?? "",
      tenantRef: chosen?.tenantRef,
    },
    now,
  );
  return create(LoginResponseSchema, {
    tokens: tokensOf(access, opened.refreshToken, opened.refreshExpiresOn),
    user: userView(user),
    membership: chosen?.wire,
    memberships: memberships.map((membership) => membership.wire),
  });
}

export function tokensOf(
  access: { token: string; expiresOn: Date },
  refreshToken: string,
  refreshExpiresOn: Date,
) {
  return create(TokensSchema, {
    accessToken: access.token,
    accessExpiresOn: timestampFromDate(access.expiresOn),
    refreshToken,
    refreshExpiresOn: timestampFromDate(refreshExpiresOn),
  });
}

const ROLES = { reviewer: PlatformRole.REVIEWER, super_admin: PlatformRole.SUPER_ADMIN };

export function userView(row: Omit<UserRow, "last_tenant">) {
  return create(UserSchema, {
    ref: toRef(row.id as Id),
    email: row.email,
    name: row.name,
    emailVerified: row.email_verified_on !== null,
    platformRole: row.platform_role ? ROLES[row.platform_role] : PlatformRole.UNSPECIFIED,
    deactivated: row.deactivated_on !== null,
    createdOn: timestampFromDate(row.created_on),
  });
}
