import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { AppError, type Ctx, type Database, errors, type Id, toRef, tryFromRef } from "@leadmetrics/kit";
import {
  App,
  type LoginRequest,
  LoginResponseSchema,
  type MembershipSchema,
  PlatformRole,
  TokensSchema,
  UserSchema,
} from "@leadmetrics/proto/identity/v1/auth";
import { sql } from "kysely";
import type { AppName, IdentityDb, UserAccount } from "../db.ts";
import type { Keys } from "../keys/keys.ts";
import { TUNABLES } from "../tunables.ts";
import { passwordMatches } from "./passwords.ts";
import { chooseMembership, judgeRefresh, lockFor, mayUse } from "./rules.ts";
import { addToken, openSession, type SessionEnder } from "./sessions.ts";
import { hashOf } from "./tokens.ts";

/** A membership as tenancy tells it. */
export interface KnownMembership {
  readonly tenantRef: string;
  readonly active: boolean;
  readonly wire: MessageInitShape<typeof MembershipSchema>;
  readonly role: string;
}

/** Asks tenancy where a user belongs. */
export type MembershipsOf = (ctx: Ctx, userRef: string) => Promise<readonly KnownMembership[]>;

export interface SignInDeps {
  readonly db: Database<IdentityDb>;
  readonly keys: Keys;
  readonly ender: SessionEnder;
  readonly membershipsOf: MembershipsOf;
}

const APP_NAMES: Partial<Record<App, AppName>> = {
  [App.DASHBOARD]: "dashboard",
  [App.DM]: "dm",
  [App.MANAGE]: "manage",
};

const wrong = () =>
  errors.unauthenticated("invalid_credentials", "The e-mail address or the password is wrong.");

export async function login(
  { db, keys, membershipsOf }: SignInDeps,
  ctx: Ctx,
  request: LoginRequest,
): Promise<MessageShape<typeof LoginResponseSchema>> {
  const now = new Date();
  const app = APP_NAMES[request.app];
  if (!app) throw errors.invalid("app: choose dashboard, dm or manage.");
  const key = hashOf(request.email.toLowerCase());
  const user = await db.global(async (tx) => {
    await refuseLocked(tx, key, now);
    return tx
      .selectFrom("user_account")
      .leftJoin("credential", "credential.user_id", "user_account.id")
      .selectAll("user_account")
      .select("password_hash")
      .where(sql`lower(email)`, "=", request.email.toLowerCase())
      .executeTakeFirst();
  });
  const matches = await passwordMatches(user?.password_hash ?? undefined, request.password);
  if (
    !user ||
    !matches ||
    !user.email_verified_on ||
    user.deactivated_on ||
    !mayUse(app, user.platform_role)
  ) {
    if (!matches) await db.global((tx) => countFailure(tx, key, now));
    throw wrong();
  }
  const userId = user.id as Id;
  const memberships = app === "dashboard" ? await membershipsOf(ctx, toRef(userId)) : [];
  const chosen = chooseMembership(
    memberships,
    request.tenantRef,
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
    await tx.deleteFrom("login_attempt").where("email_hash", "=", key).execute();
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

/** Rotates; the rights are read anew, so a changed role holds from the next refresh on. */
export async function refresh({ db, keys, ender, membershipsOf }: SignInDeps, ctx: Ctx, presented: string) {
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
    const refreshExpiresOn = new Date(now.getTime() + TUNABLES.sessionMs);
    await tx
      .updateTable("session")
      .set({ last_used_on: now, expires_on: refreshExpiresOn })
      .where("id", "=", row.session_id)
      .execute();
    return { ...row, refreshToken: await addToken(tx, row.session_id), refreshExpiresOn };
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
    { userId, sessionId: outcome.session_id as Id, app: outcome.app, role, tenantRef },
    now,
  );
  return tokensOf(access, outcome.refreshToken, outcome.refreshExpiresOn);
}

function tokensOf(access: { token: string; expiresOn: Date }, refreshToken: string, refreshExpiresOn: Date) {
  return create(TokensSchema, {
    accessToken: access.token,
    accessExpiresOn: timestampFromDate(access.expiresOn),
    refreshToken,
    refreshExpiresOn: timestampFromDate(refreshExpiresOn),
  });
}

type Tx = Parameters<Parameters<Database<IdentityDb>["global"]>[0]>[0];

async function refuseLocked(tx: Tx, key: string, now: Date): Promise<void> {
  const row = await tx
    .selectFrom("login_attempt")
    .select("locked_until")
    .where("email_hash", "=", key)
    .executeTakeFirst();
  const left = (row?.locked_until?.getTime() ?? 0) - now.getTime();
  if (left > 0)
    throw errors.exhausted(
      "locked_out",
      `Too many failed sign-ins. Try again in ${Math.ceil(left / 1_000)} seconds, or reset the password.`,
      left,
    );
}

async function countFailure(tx: Tx, key: string, now: Date): Promise<void> {
  const { failures } = await tx
    .insertInto("login_attempt")
    .values({ email_hash: key, failures: 1, last_failed_on: now, locked_until: null })
    .onConflict((oc) =>
      oc.column("email_hash").doUpdateSet({ failures: sql`login_attempt.failures + 1`, last_failed_on: now }),
    )
    .returning("failures")
    .executeTakeFirstOrThrow();
  const lock = lockFor(failures);
  if (lock > 0)
    await tx
      .updateTable("login_attempt")
      .set({ locked_until: new Date(now.getTime() + lock) })
      .where("email_hash", "=", key)
      .execute();
}

const ROLES = { reviewer: PlatformRole.REVIEWER, super_admin: PlatformRole.SUPER_ADMIN };

type UserRow = Pick<
  UserAccount,
  "id" | "email" | "name" | "email_verified_on" | "platform_role" | "deactivated_on"
> & { created_on: Date };

export function userView(row: UserRow) {
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
