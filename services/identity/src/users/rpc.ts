import {
  AppError,
  type Database,
  emit,
  keyset,
  newId,
  pageOf,
  pageResult,
  requestCtx,
  type ServedService,
  service,
  tryFromRef,
} from "@leadmetrics/kit";
import { UserRegisteredSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { App, PlatformRole } from "@leadmetrics/proto/identity/v1/auth";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import { sql } from "kysely";
import { userView } from "../auth/finish.ts";
import { requestMailToken } from "../auth/mail-tokens.ts";
import type { SessionEnder } from "../auth/sessions.ts";
import type { IdentityDb } from "../db.ts";
import { helpMethods } from "./help.ts";

const ROLES = { [PlatformRole.REVIEWER]: "reviewer", [PlatformRole.SUPER_ADMIN]: "super_admin" } as const;

export function usersService(db: Database<IdentityDb>, ender: SessionEnder): ServedService {
  return service(UsersService, {
    ...helpMethods(db, ender),

    async batchGetUsers(request) {
      const ids = request.userRefs.flatMap((ref) => tryFromRef(ref) ?? []);
      if (ids.length === 0) return {};
      const rows = await db.global((tx) =>
        tx.selectFrom("user_account").selectAll().where("id", "in", ids).execute(),
      );
      return { users: rows.map(userView) };
    },

    async listUsers(request) {
      const page = pageOf(request.page);
      const rows = await db.global((tx) => {
        const all = tx.selectFrom("user_account").selectAll();
        const role =
          request.platformRole === PlatformRole.UNSPECIFIED ? undefined : ROLES[request.platformRole];
        return keyset(role ? all.where("platform_role", "=", role) : all, page).execute();
      });
      const result = pageResult(rows, page);
      return { users: result.rows.map(userView), page: result.page };
    },

    async createPlatformUser(request, hc) {
      const ctx = requestCtx(hc);
      const role =
        request.platformRole === PlatformRole.UNSPECIFIED ? "reviewer" : ROLES[request.platformRole];
      return db.global(async (tx) => {
        const row = await tx
          .insertInto("user_account")
          .values({
            id: newId(),
            email: request.email,
            name: request.name,
            platform_role: role,
            email_verified_on: null,
            deactivated_on: null,
            company_name: null,
            invitation_token_hash: null,
            last_tenant: null,
          })
          .onConflict((oc) => oc.expression(sql`lower(email)`).doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!row) throw new AppError("exists", "email_taken", `There is a user ${request.email} already.`);
        const user = userView(row);
        await emit(
          tx,
          ctx,
          UserRegisteredSchema,
          { userRef: user.ref, email: row.email, name: row.name },
          { aggregate: row.id },
        );
        await requestMailToken(
          tx,
          ctx,
          row,
          "password_reset",
          role === "reviewer" ? App.DM : App.MANAGE,
          new Date(),
        );
        return { user };
      });
    },
  });
}
