import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  AppError,
  type Ctx,
  emit,
  errors,
  fromRef,
  type Id,
  keyset,
  newId,
  pageOf,
  pageResult,
  requestCtx,
  type ServedService,
  service,
  toRef,
  userIdOf,
} from "@leadmetrics/kit";
import { UserRegisteredSchema, UserVerifiedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { App, AuthService, GetMeResponseSchema, SessionSchema } from "@leadmetrics/proto/identity/v1/auth";
import { sql } from "kysely";
import { requestMailToken, takeMailToken } from "./mail-tokens.ts";
import { hashPassword, passwordMatches } from "./passwords.ts";
import { passwordProblem } from "./rules.ts";
import { APPS } from "./sessions.ts";
import { login, refresh, type SignInDeps, userView } from "./sign-in.ts";
import { hashOf } from "./tokens.ts";

export function authService(deps: SignInDeps): ServedService {
  const { db, ender } = deps;
  return service(AuthService, {
    async register(request, hc) {
      const ctx = requestCtx(hc);
      refuseWeak(request.password, request.email, "password");
      if (!request.companyName && !request.invitationToken) {
        throw errors.invalid("companyName: tell us your company's name, or come with an invitation.", [
          { field: "company_name", description: "is needed without an invitation" },
        ]);
      }
      const passwordHash = await hashPassword(request.password);
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

    login: (request, hc) => login(deps, requestCtx(hc), request),
    refresh: async (request, hc) => ({ tokens: await refresh(deps, requestCtx(hc), request.refreshToken) }),

    async logout(request, hc) {
      await db.global(async (tx) => {
        const session = await tx
          .selectFrom("refresh_token")
          .innerJoin("session", "session.id", "refresh_token.session_id")
          .select(["session.id", "session.user_id"])
          .where("token_hash", "=", hashOf(request.refreshToken))
          .executeTakeFirst();
        if (session) await ender.end(tx, requestCtx(hc), [session], "logged_out", new Date());
      });
      return {};
    },

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
            user.platform_role === null
              ? App.DASHBOARD
              : user.platform_role === "reviewer"
                ? App.DM
                : App.MANAGE,
            new Date(),
          );
      });
      return {};
    },

    async resetPassword(request, hc) {
      const now = new Date();
      const passwordHash = await hashPassword(request.newPassword);
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
        await ender.endAllOf(tx, requestCtx(hc), userId, "password_changed", now);
      });
      return {};
    },

    async getMe(_request, hc) {
      const ctx = requestCtx(hc);
      const userId = me(ctx);
      const user = await db.global((tx) =>
        tx.selectFrom("user_account").selectAll().where("id", "=", userId).executeTakeFirst(),
      );
      if (!user) throw errors.notFound("user");
      const { principal } = ctx;
      const memberships = principal.kind === "tenant" ? await deps.membershipsOf(ctx, toRef(userId)) : [];
      const current = principal.kind === "tenant" ? toRef(principal.tenantId) : undefined;
      return create(GetMeResponseSchema, {
        user: userView(user),
        membership: memberships.find((membership) => membership.tenantRef === current)?.wire,
        memberships: memberships.map((membership) => membership.wire),
      });
    },

    async changePassword(request, hc) {
      const ctx = requestCtx(hc);
      const userId = me(ctx);
      const row = await db.global((tx) =>
        tx
          .selectFrom("user_account")
          .innerJoin("credential", "credential.user_id", "user_account.id")
          .select(["email", "password_hash"])
          .where("id", "=", userId)
          .executeTakeFirst(),
      );
      if (!(await passwordMatches(row?.password_hash, request.currentPassword))) {
        throw errors.invalid("currentPassword: this is not your present password.", [
          { field: "current_password", description: "is wrong" },
        ]);
      }
      refuseWeak(request.newPassword, row?.email ?? "", "new_password");
      const passwordHash = await hashPassword(request.newPassword);
      await db.global(async (tx) => {
        const now = new Date();
        await tx
          .updateTable("credential")
          .set({ password_hash: passwordHash, updated_on: now })
          .where("user_id", "=", userId)
          .execute();
        await ender.endAllOf(tx, ctx, userId, "password_changed", now, sessionOf(ctx));
      });
      return {};
    },

    async listSessions(request, hc) {
      const ctx = requestCtx(hc);
      const page = pageOf(request.page);
      const rows = await db.global((tx) =>
        keyset(
          tx
            .selectFrom("session")
            .selectAll()
            .where("user_id", "=", me(ctx))
            .where("revoked_on", "is", null)
            .where("expires_on", ">", new Date()),
          page,
        ).execute(),
      );
      const result = pageResult(rows, page);
      return {
        page: result.page,
        sessions: result.rows.map((row) =>
          create(SessionSchema, {
            ref: toRef(row.id as Id),
            app: APPS[row.app],
            userAgent: row.user_agent ?? "",
            ip: row.ip ?? "",
            createdOn: timestampFromDate(row.created_on),
            lastUsedOn: timestampFromDate(row.last_used_on),
            current: row.id === sessionOf(ctx),
          }),
        ),
      };
    },

    async revokeSession(request, hc) {
      const ctx = requestCtx(hc);
      const id = fromRef(request.sessionRef, "session");
      await db.global(async (tx) => {
        const session = await tx
          .selectFrom("session")
          .select(["id", "user_id"])
          .where("id", "=", id)
          .where("user_id", "=", me(ctx))
          .executeTakeFirst();
        if (!session) throw errors.notFound("session");
        await ender.end(tx, ctx, [session], "revoked", new Date());
      });
      return {};
    },
  });
}

function me(ctx: Ctx): Id {
  const id = userIdOf(ctx);
  if (!id) throw errors.unauthenticated();
  return id;
}

function sessionOf({ principal }: Ctx): string | undefined {
  return principal.kind === "tenant" || principal.kind === "platform" ? principal.sessionId : undefined;
}

function refuseWeak(password: string, email: string, field: string): void {
  const problem = passwordProblem(password, email);
  if (problem)
    throw new AppError("invalid", "weak_password", problem, { fields: [{ field, description: problem }] });
}

function usedLink(): AppError {
  return new AppError(
    "invalid",
    "link_used_or_over",
    "This link was used already or is over. Ask for a new one.",
  );
}
