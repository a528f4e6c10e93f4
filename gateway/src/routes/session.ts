import { asCaller, errors, type RpcClients } from "@leadmetrics/kit";
import {
  App,
  AuthService,
  type LoginResponse,
  LoginResponseSchema,
  SecondFactorChallengeSchema,
  type Tokens,
  TokensSchema,
} from "@leadmetrics/proto/identity/v1/auth";
import { PasskeysService, StartPasskeySignInResponseSchema } from "@leadmetrics/proto/identity/v1/security";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { accessCookie, PORTALS, type Portal, portalOf, refreshCookie } from "../edge/caller.ts";
import { errorSchema } from "../edge/errors.ts";
import { outputSchema } from "../wire/schema.ts";
import { toWire } from "../wire/to-wire.ts";
import { byAddress } from "./auth.ts";
import type { CtxOf } from "./route.ts";

const LOGINS_PER_MINUTE = 10;
const PASSKEY_ASKS_PER_MINUTE = 20;
const REFRESHES_PER_MINUTE = 30;

const APPS: Record<Portal, App> = { dashboard: App.DASHBOARD, dm: App.DM, manage: App.MANAGE };

const loginBody = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(200),
  portal: z.enum(PORTALS),
  tenantRef: z.string().max(64).optional(),
});
const codeBody = z.strictObject({
  challengeToken: z.string().min(1).max(200),
  code: z.string().min(1).max(40),
  portal: z.enum(PORTALS),
});
const passkeyOptionsBody = z.strictObject({ portal: z.enum(PORTALS) });
const passkeyBody = z.strictObject({
  responseJson: z.string().min(1).max(16_384),
  portal: z.enum(PORTALS),
  tenantRef: z.string().max(64).optional(),
});
const refreshBody = z.strictObject({ refreshToken: z.string().max(200).optional() }).nullish();
const tokensOut = outputSchema(TokensSchema);
const { tokens: _tokens, challenge: _challenge, ...loginShape } = outputSchema(LoginResponseSchema).shape;
const signedInOut = z.object({ ...loginShape, ...tokensOut.shape });
const challengeOut = z.object({ challenge: outputSchema(SecondFactorChallengeSchema) });

/** Signing in and out: the routes that set cookies. */
export function installSessionRoutes(
  app: FastifyInstance,
  rpc: RpcClients,
  options: SessionRouteOptions,
): void {
  const auth = rpc.client(AuthService, "identity");
  const passkeys = rpc.client(PasskeysService, "identity");
  const answers = (status: number, schema: z.ZodType) => ({ [status]: schema, "4xx": errorSchema });
  const limited = (max: number) => ({ rateLimit: { max: max * options.scale, ...byAddress } });

  /** Sets the cookies of who is in now. */
  function welcome(reply: FastifyReply, portal: Portal, login: LoginResponse | undefined) {
    if (!login?.tokens) throw errors.internal(new Error("identity answered without tokens"));
    setCookies(reply, portal, login.tokens, options.secure);
    const { tokens: _t, challenge: _c, ...rest } = toWire(LoginResponseSchema, login);
    return { ...rest, ...toWire(TokensSchema, login.tokens) };
  }

  app.post(
    "/login",
    {
      config: limited(LOGINS_PER_MINUTE),
      schema: {
        summary: "Sign in; 202 with a challenge when a code is asked for",
        body: loginBody,
        response: { ...answers(200, signedInOut), 202: challengeOut },
      },
    },
    async (request, reply) => {
      const { portal, ...credentials } = request.body as z.output<typeof loginBody>;
      const answer = await auth.login(
        { ...credentials, app: APPS[portal] },
        asCaller(options.publicCtx(request)),
      );
      if (answer.challenge)
        return reply.status(202).send({ challenge: toWire(SecondFactorChallengeSchema, answer.challenge) });
      return welcome(reply, portal, answer);
    },
  );

  app.post(
    "/login/code",
    {
      config: limited(LOGINS_PER_MINUTE),
      schema: {
        summary: "The second step of signing in: a code of the app, or a recovery code",
        body: codeBody,
        response: answers(200, signedInOut),
      },
    },
    async (request, reply) => {
      const { portal, ...given } = request.body as z.output<typeof codeBody>;
      const { login } = await auth.loginWithCode(given, asCaller(options.publicCtx(request)));
      return welcome(reply, portal, login);
    },
  );

  app.post(
    "/passkeys/sign-in/options",
    {
      config: limited(PASSKEY_ASKS_PER_MINUTE),
      schema: {
        summary: "What a browser needs to sign in with a passkey",
        body: passkeyOptionsBody,
        response: answers(200, outputSchema(StartPasskeySignInResponseSchema)),
      },
    },
    async (request) => {
      const { portal } = request.body as z.output<typeof passkeyOptionsBody>;
      const answer = await passkeys.startPasskeySignIn(
        { app: APPS[portal] },
        asCaller(options.publicCtx(request)),
      );
      return toWire(StartPasskeySignInResponseSchema, answer);
    },
  );

  app.post(
    "/passkeys/sign-in",
    {
      config: limited(LOGINS_PER_MINUTE),
      schema: {
        summary: "Sign in with a passkey",
        body: passkeyBody,
        response: answers(200, signedInOut),
      },
    },
    async (request, reply) => {
      const { portal, ...given } = request.body as z.output<typeof passkeyBody>;
      const { login } = await passkeys.finishPasskeySignIn(
        { ...given, app: APPS[portal] },
        asCaller(options.publicCtx(request)),
      );
      return welcome(reply, portal, login);
    },
  );

  app.post(
    "/refresh",
    {
      config: limited(REFRESHES_PER_MINUTE),
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
      const given = givenToken(request, portal);
      if (given) await auth.logout({ refreshToken: given }, asCaller(options.publicCtx(request)));
      if (portal)
        for (const name of [accessCookie(portal), refreshCookie(portal)])
          reply.clearCookie(name, { path: "/" });
      return reply.status(204).send();
    },
  );
}

/** The refresh token of the body, else of the named portal's cookie. */
function givenToken(request: FastifyRequest, portal: Portal | undefined): string | undefined {
  const body = request.body as z.output<typeof refreshBody>;
  return body?.refreshToken ?? (portal ? request.cookies[refreshCookie(portal)] : undefined);
}

function refreshTokenOf(request: FastifyRequest, portal: Portal | undefined): string {
  const given = givenToken(request, portal);
  if (!given) throw errors.unauthenticated("no_refresh_token", "Send the refresh token, or sign in again.");
  return given;
}

/** What the routes that set cookies are made with. */
export interface SessionRouteOptions {
  readonly publicCtx: CtxOf;
  readonly secure: boolean;
  readonly scale: number;
}

export function setCookies(reply: FastifyReply, portal: Portal, tokens: Tokens, secure: boolean): void {
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
