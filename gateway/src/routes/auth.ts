import { asCaller, errors, type RpcClients } from "@leadmetrics/kit";
import {
  App,
  AuthService,
  LoginResponseSchema,
  type Tokens,
  TokensSchema,
} from "@leadmetrics/proto/identity/v1/auth";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { accessCookie, PORTALS, type Portal, portalOf, refreshCookie } from "../edge/caller.ts";
import { errorSchema } from "../edge/errors.ts";
import { outputSchema } from "../wire/schema.ts";
import { toWire } from "../wire/to-wire.ts";
import type { CtxOf, Route } from "./route.ts";

const LOGINS_PER_MINUTE = 10;
const REFRESHES_PER_MINUTE = 30;

/** Who signs in is nobody yet, whatever token they show: such calls are counted by address. */
export const byAddress = { keyGenerator: (request: FastifyRequest) => request.ip };

const APPS: Record<Portal, App> = { dashboard: App.DASHBOARD, dm: App.DM, manage: App.MANAGE };

export const publicAuthRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/register",
    rpc: AuthService.method.register,
    target: "identity",
    status: 202,
    summary: "Sign up; a verification mail follows",
  },
  {
    method: "POST",
    path: "/verify-email",
    rpc: AuthService.method.verifyEmail,
    target: "identity",
    status: 200,
    summary: "Confirm an address with the mailed token",
  },
  {
    method: "POST",
    path: "/password-reset/request",
    rpc: AuthService.method.requestPasswordReset,
    target: "identity",
    status: 202,
    summary: "Ask for a reset mail",
  },
  {
    method: "POST",
    path: "/password-reset",
    rpc: AuthService.method.resetPassword,
    target: "identity",
    status: 200,
    summary: "Set a new password with the mailed token",
  },
];

export const signedInAuthRoutes: readonly Route[] = [
  { method: "GET", path: "/me", rpc: AuthService.method.getMe, target: "identity", summary: "Who I am" },
  {
    method: "POST",
    path: "/password",
    rpc: AuthService.method.changePassword,
    target: "identity",
    summary: "Change my password",
  },
  {
    method: "GET",
    path: "/sessions",
    rpc: AuthService.method.listSessions,
    target: "identity",
    list: "sessions",
    summary: "Where I am signed in",
  },
  {
    method: "DELETE",
    path: "/sessions/:sessionRef",
    rpc: AuthService.method.revokeSession,
    target: "identity",
    summary: "Sign out elsewhere",
  },
];

const loginBody = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(200),
  portal: z.enum(PORTALS),
  tenantRef: z.string().max(64).optional(),
});
const refreshBody = z.strictObject({ refreshToken: z.string().max(200).optional() }).nullish();
const tokensOut = outputSchema(TokensSchema);
const { tokens: _tokens, ...loginShape } = outputSchema(LoginResponseSchema).shape;

/** Signing in and out: the routes that set cookies. */
export function installSessionRoutes(
  app: FastifyInstance,
  rpc: RpcClients,
  options: { publicCtx: CtxOf; secure: boolean; scale: number },
): void {
  const auth = rpc.client(AuthService, "identity");
  const answers = (status: number, schema: z.ZodType) => ({ [status]: schema, "4xx": errorSchema });

  app.post(
    "/login",
    {
      config: { rateLimit: { max: LOGINS_PER_MINUTE * options.scale, ...byAddress } },
      schema: {
        summary: "Sign in",
        body: loginBody,
        response: answers(200, z.object({ ...loginShape, ...tokensOut.shape })),
      },
    },
    async (request, reply) => {
      const body = request.body as z.output<typeof loginBody>;
      const { portal, ...credentials } = body;
      const answer = await auth.login(
        { ...credentials, app: APPS[portal] },
        asCaller(options.publicCtx(request)),
      );
      if (!answer.tokens) throw errors.internal(new Error("identity answered without tokens"));
      setCookies(reply, portal, answer.tokens, options.secure);
      const { tokens: _drop, ...rest } = toWire(LoginResponseSchema, answer);
      return { ...rest, ...toWire(TokensSchema, answer.tokens) };
    },
  );

  app.post(
    "/refresh",
    {
      config: { rateLimit: { max: REFRESHES_PER_MINUTE * options.scale, ...byAddress } },
      schema: {
        summary: "Exchange the refresh token for new tokens",
        body: refreshBody,
        response: answers(200, tokensOut),
      },
    },
    async (request, reply) => {
      const portal = portalOf(request);
      const answer = await auth.refresh(
        { refreshToken: refreshTokenOf(request, portal) },
        asCaller(options.publicCtx(request)),
      );
      if (!answer.tokens) throw errors.internal(new Error("identity answered without tokens"));
      if (portal) setCookies(reply, portal, answer.tokens, options.secure);
      return toWire(TokensSchema, answer.tokens);
    },
  );

  app.post(
    "/logout",
    { schema: { summary: "Sign out", body: refreshBody, response: answers(204, z.null()) } },
    async (request, reply) => {
      const portal = portalOf(request);
      const given =
        (request.body as z.output<typeof refreshBody>)?.refreshToken ??
        (portal ? request.cookies[refreshCookie(portal)] : undefined);
      if (given) await auth.logout({ refreshToken: given }, asCaller(options.publicCtx(request)));
      if (portal)
        for (const name of [accessCookie(portal), refreshCookie(portal)])
          reply.clearCookie(name, { path: "/" });
      return reply.status(204).send();
    },
  );
}

function refreshTokenOf(request: FastifyRequest, portal: Portal | undefined): string {
  const given =
    (request.body as z.output<typeof refreshBody>)?.refreshToken ??
    (portal ? request.cookies[refreshCookie(portal)] : undefined);
  if (!given) throw errors.unauthenticated("no_refresh_token", "Send the refresh token, or sign in again.");
  return given;
}

function setCookies(reply: FastifyReply, portal: Portal, tokens: Tokens, secure: boolean): void {
  const base = { httpOnly: true, sameSite: "lax", path: "/", secure } as const;
  const at = (stamp: Tokens["accessExpiresOn"]) => new Date(Number(stamp?.seconds ?? 0n) * 1_000);
  // The access cookie outlives its token, so that a portal can see whose it was and refresh silently.
  reply.setCookie(accessCookie(portal), tokens.accessToken, {
    ...base,
    expires: at(tokens.refreshExpiresOn),
  });
  reply.setCookie(refreshCookie(portal), tokens.refreshToken, {
    ...base,
    expires: at(tokens.refreshExpiresOn),
  });
}
