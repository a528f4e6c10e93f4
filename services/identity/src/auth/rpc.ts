import { create } from "@bufbuild/protobuf";
import { errors, requestCtx, type ServedService, service, toRef } from "@leadmetrics/kit";
import { AuthService, GetMeResponseSchema } from "@leadmetrics/proto/identity/v1/auth";
import type { IdentityDeps } from "../deps.ts";
import { impersonationOfSession } from "../impersonation/store.ts";
import { impersonationView } from "../impersonation/view.ts";
import { callerOf } from "./caller.ts";
import { userView } from "./finish.ts";
import { passwordMethods } from "./password-rpc.ts";
import { registration } from "./registration.ts";
import { sessionMethods } from "./session-rpc.ts";
import { login, loginWithCode } from "./sign-in.ts";

export function authService(deps: IdentityDeps): ServedService {
  return service(AuthService, {
    ...registration(deps),
    ...passwordMethods(deps),
    ...sessionMethods(deps),
    login: (request, hc) => login(deps, requestCtx(hc), request),
    loginWithCode: async (request, hc) => ({ login: await loginWithCode(deps, requestCtx(hc), request) }),

    async getMe(_request, hc) {
      const ctx = requestCtx(hc);
      const userId = callerOf(ctx);
      const { principal } = ctx;
      const { user, impersonation } = await deps.db.global(async (tx) => ({
        user: await tx.selectFrom("user_account").selectAll().where("id", "=", userId).executeTakeFirst(),
        impersonation:
          principal.kind === "tenant" && principal.impersonator
            ? await impersonationOfSession(tx, principal.sessionId)
            : undefined,
      }));
      if (!user) throw errors.notFound("user");
      const memberships = principal.kind === "tenant" ? await deps.membershipsOf(ctx, toRef(userId)) : [];
      const current = principal.kind === "tenant" ? toRef(principal.tenantId) : undefined;
      return create(GetMeResponseSchema, {
        user: userView(user),
        membership: memberships.find((membership) => membership.tenantRef === current)?.wire,
        memberships: memberships.map((membership) => membership.wire),
        impersonation: impersonation && impersonationView(impersonation),
      });
    },
  });
}
