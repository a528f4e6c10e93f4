import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { errors, fromRef, type Id, keyset, pageOf, pageResult, requestCtx, toRef } from "@leadmetrics/kit";
import { SessionSchema } from "@leadmetrics/proto/identity/v1/auth";
import type { Selectable } from "kysely";
import type { IdentityDb } from "../db.ts";
import type { IdentityDeps } from "../deps.ts";
import { APPS, callerOf, sessionOf } from "./caller.ts";
import type { AuthMethods } from "./methods.ts";
import { refresh } from "./refresh.ts";
import { hashOf } from "./tokens.ts";

/** Staying signed in, seeing where one is, and ending it. */
export function sessionMethods(
  deps: IdentityDeps,
): AuthMethods<"refresh" | "logout" | "listSessions" | "revokeSession" | "revokeOtherSessions"> {
  const { db, ender } = deps;
  return {
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

    async listSessions(request, hc) {
      const ctx = requestCtx(hc);
      const page = pageOf(request.page);
      const rows = await db.global((tx) =>
        keyset(
          tx
            .selectFrom("session")
            .selectAll()
            .where("user_id", "=", callerOf(ctx))
            .where("revoked_on", "is", null)
            .where("expires_on", ">", new Date()),
          page,
        ).execute(),
      );
      const result = pageResult(rows, page);
      return {
        page: result.page,
        sessions: result.rows.map((row) => sessionView(row, row.id === sessionOf(ctx))),
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
          .where("user_id", "=", callerOf(ctx))
          .executeTakeFirst();
        if (!session) throw errors.notFound("session");
        await ender.end(tx, ctx, [session], "revoked", new Date());
      });
      return {};
    },

    async revokeOtherSessions(_request, hc) {
      const ctx = requestCtx(hc);
      const ended = await db.global((tx) =>
        ender.endAllOf(tx, ctx, callerOf(ctx), "revoked", new Date(), sessionOf(ctx)),
      );
      return { ended };
    },
  };
}

/** A session as its person and those who help them see it. */
export function sessionView(row: Selectable<IdentityDb["session"]>, current: boolean) {
  return create(SessionSchema, {
    ref: toRef(row.id as Id),
    app: APPS[row.app],
    // Where the platform's own people sit is not the client's to see.
    userAgent: row.impersonation_id ? "" : (row.user_agent ?? ""),
    ip: row.impersonation_id ? "" : (row.ip ?? ""),
    impersonated: row.impersonation_id !== null,
    createdOn: timestampFromDate(row.created_on),
    lastUsedOn: timestampFromDate(row.last_used_on),
    current,
  });
}
