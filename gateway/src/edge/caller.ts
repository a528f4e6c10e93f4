import { actorOf, type Ctx, errors, type Principal, type TokenVerifier } from "@leadmetrics/kit";
import type { FastifyRequest } from "fastify";

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

/** Who is calling. @throws AppError unauthenticated when there is no valid token */
export async function requirePrincipal(request: FastifyRequest, verifier: TokenVerifier): Promise<Principal> {
  const token = tokenOf(request);
  if (!token) throw errors.unauthenticated();
  return verifier.verify(token);
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
