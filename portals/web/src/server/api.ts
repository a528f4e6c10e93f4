import { callGateway } from "./calls.ts";
import { accessCookie, gatewayUrl, type Portal, refreshCookie } from "./portal.ts";
import { callerHeaders } from "./proxy.ts";
import { refreshSession } from "./refresh.ts";
import { applySetCookies, formatCookies, isStale, parseCookies } from "./token.ts";

/** Headers that belong to one hop, and those fetch computes anew. */
const notPassedOn = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "content-length",
  "expect",
  "accept-encoding",
]);
/** fetch has already decoded the body, so its encoding and length no longer describe it. */
const notPassedBack = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-encoding",
  "content-length",
  "set-cookie",
]);

type Handler = (request: Request, context: { params: Promise<{ path: string[] }> }) => Promise<Response>;

/**
 * `/api/…` on the portal's own origin is the gateway: bodies and answers are streamed both ways, so uploads show progress
 * and events arrive as they happen. The session is renewed here, before the call, and the new cookies ride on the answer.
 */
export function createApiHandler(portal: Portal): Handler {
  return async (request, context) => {
    const { path } = await context.params;
    const { search } = new URL(request.url);
    const target = `${gatewayUrl()}/${path.map(encodeURIComponent).join("/")}${search}`;
    const session = await sessionFor(portal, request, path.join("/"));

    const headers = new Headers();
    for (const [name, value] of request.headers) {
      if (!notPassedOn.has(name) && !name.startsWith("x-lm-") && name !== "cookie")
        headers.append(name, value);
    }
    headers.set("x-lm-portal", portal);
    headers.set("cookie", session.cookie);
    headers.set("accept-encoding", "identity");

    const hasBody = request.method !== "GET" && request.method !== "HEAD" && request.body !== null;
    const init: RequestInit & { duplex?: "half" } = {
      method: request.method,
      headers,
      redirect: "manual",
      signal: request.signal,
      body: hasBody ? request.body : undefined,
      duplex: hasBody ? "half" : undefined,
      cache: "no-store",
    };
    try {
      const answer = await callGateway("api", target, init);
      return pass(answer, session.setCookies);
    } catch (cause) {
      if (request.signal.aborted) return new Response(null, { status: 499 });
      return unreachable(cause, session.setCookies);
    }
  };
}

async function sessionFor(
  portal: Portal,
  request: Request,
  path: string,
): Promise<{ cookie: string; setCookies: readonly string[] }> {
  const header = request.headers.get("cookie");
  const cookies = onlyOurs(portal, parseCookies(header));
  // Signing in, out and refreshing bring or end a session themselves.
  if (path.startsWith("auth/v1/") || !isStale(cookies.get(accessCookie(portal)), Date.now())) {
    return { cookie: formatCookies(cookies), setCookies: [] };
  }
  const refreshed = await refreshSession(portal, header, callerHeaders(request));
  if (!refreshed || refreshed.kind === "unreachable")
    return { cookie: formatCookies(cookies), setCookies: [] };
  return {
    cookie: formatCookies(applySetCookies(cookies, refreshed.setCookies)),
    setCookies: refreshed.setCookies,
  };
}

/** On one host the cookies of all portals arrive together; the gateway sees those of this portal. */
function onlyOurs(portal: Portal, cookies: ReadonlyMap<string, string>): Map<string, string> {
  const ours = [accessCookie(portal), refreshCookie(portal)];
  return new Map([...cookies].filter(([name]) => ours.includes(name)));
}

function pass(answer: Response, setCookies: readonly string[]): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers) if (!notPassedBack.has(name)) headers.append(name, value);
  for (const line of [...setCookies, ...answer.headers.getSetCookie()]) headers.append("set-cookie", line);
  headers.set("x-accel-buffering", "no");
  headers.set("cache-control", answer.headers.get("cache-control") ?? "no-store");
  return new Response(answer.body, { status: answer.status, headers });
}

function unreachable(cause: unknown, setCookies: readonly string[]): Response {
  console.error(
    "the gateway could not be reached:",
    cause instanceof Error ? (cause.cause ?? cause.message) : cause,
  );
  const headers = new Headers({
    "content-type": "application/json",
    "retry-after": "3",
    "cache-control": "no-store",
  });
  for (const line of setCookies) headers.append("set-cookie", line);
  const error = {
    code: "gateway_unreachable",
    message: "The platform does not answer right now.",
    requestId: "",
  };
  return new Response(JSON.stringify({ error }), { status: 503, headers });
}

/** Exported for signing out without the gateway: the cookies end whatever happens. */
export function endSessionCookies(portal: Portal): string[] {
  return [accessCookie(portal), refreshCookie(portal)].map(
    (name) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`,
  );
}
