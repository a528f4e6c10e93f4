import {
  AppError,
  actorOf,
  type Ctx,
  errors,
  type Principal,
  type TokenVerifier,
  toRef,
} from "@leadmetrics/kit";
import type { FastifyRequest } from "fastify";
import { z } from "zod";

/** The portals whose cookies are known; the header says which one a browser call comes from. */
export const PORTALS = ["dashboard", "dm", "manage"] as const;
export type Portal = (typeof PORTALS)[number];
export const PORTAL_HEADER = "x-lm-portal";

export const accessCookie = (portal: Portal) => `${portal}_access_token`;
export const refreshCookie = (portal: Portal) => `${portal}_refresh_token`;

/**
 * Which portal a call with cookies comes from. A page of another site can send our cookies along but can't set this
 * header, so cookies count only beside it.
 */
export function portalOf(request: FastifyRequest): Portal | undefined {
  const named = request.headers[PORTAL_HEADER];
  return PORTALS.find((portal) => portal === named);
}

/** The bearer token of the Authorization header, else the access cookie of the named portal. */
export function tokenOf(request: FastifyRequest): string | undefined {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() === "bearer" && token) return token;
  const portal = portalOf(request);
  return portal ? request.cookies[accessCookie(portal)] : undefined;
}

const verified = new WeakMap<FastifyRequest, Promise<Principal>>();

/** Who is calling; the token is looked at once a request. @throws AppError unauthenticated when there is no valid token */
export function requirePrincipal(request: FastifyRequest, verifier: TokenVerifier): Promise<Principal> {
  let principal = verified.get(request);
  if (!principal) {
    const token = tokenOf(request);
    principal = token ? verifier.verify(token) : Promise.reject(errors.unauthenticated());
    verified.set(request, principal);
  }
  return principal;
}

/**
 * What a caller's requests are counted under: the person when the token proves one, else the address. A token nobody
 * has verified must not count, or a guesser would bring a new one for every guess.
 */
export async function rateKeyOf(request: FastifyRequest, verifier: TokenVerifier): Promise<string> {
  try {
    const principal = tokenOf(request) ? await requirePrincipal(request, verifier) : undefined;
    if (principal) return personOf(principal) ?? request.ip;
  } catch (error) {
    // The guard says what is wrong with the token; here it only proves nothing.
    if (!(error instanceof AppError)) throw error;
  }
  return request.ip;
}

/** A signed-in person in their tenant; undefined for nobody. */
export function personOf(principal: Principal | undefined): string | undefined {
  // Who looks in a client's place uses up nothing of theirs.
  if (principal?.kind === "tenant")
    return `${toRef(principal.tenantId)}/${toRef(principal.impersonator?.userId ?? principal.userId)}`;
  return principal?.kind === "platform" ? toRef(principal.userId) : undefined;
}

const lifetime = z.object({ exp: z.number() });

/** When the caller's (verified) token ends, milliseconds since 1970. */
export function tokenEndOf(request: FastifyRequest): number {
  const payload = tokenOf(request)?.split(".")[1] ?? "";
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  return lifetime.parse(claims).exp * 1_000;
}

/** The context calls to services are made in. */
export function ctxOf(request: FastifyRequest, principal: Principal, closed: AbortSignal): Ctx {
  return {
    principal,
    actor: actorOf(principal),
    tenantIds: [],
    requestId: request.id,
    signal: closed,
    log: request.log as Ctx["log"],
    remoteIp: request.ip,
    userAgent: request.headers["user-agent"]?.slice(0, 400),
    bearer: tokenOf(request),
  };
}
