import { type NextRequest, NextResponse } from "next/server";
import { accessCookie, type Portal, refreshCookie } from "./portal.ts";
import { refreshSession } from "./refresh.ts";
import { contentSecurityPolicy, newNonce, securityHeaders } from "./security.ts";
import { applySetCookies, formatCookies, isStale, parseCookies } from "./token.ts";

export interface ProxyOptions {
  portal: Portal;
  /** Paths that open without a session; a path opens everything below it. */
  open: readonly string[];
}

/**
 * Stands before every page: renews a session that is about to end, sends strangers to the sign-in with the way back, and
 * puts the security headers on. When the gateway can't be reached the person stays signed in.
 */
export function createProxy({ portal, open }: ProxyOptions) {
  const isOpen = (path: string) => open.some((one) => path === one || path.startsWith(`${one}/`));

  return async function proxy(request: NextRequest): Promise<NextResponse> {
    const cookieHeader = request.headers.get("cookie");
    let cookies = parseCookies(cookieHeader);
    let setCookies: readonly string[] = [];
    if (isStale(cookies.get(accessCookie(portal)), Date.now())) {
      const refreshed = await refreshSession(portal, cookieHeader, callerHeaders(request));
      if (refreshed && refreshed.kind !== "unreachable") {
        setCookies = refreshed.setCookies;
        cookies = applySetCookies(cookies, setCookies);
        if (refreshed.kind === "ended")
          for (const name of [accessCookie(portal), refreshCookie(portal)]) cookies.delete(name);
      }
    }

    const { pathname, search } = request.nextUrl;
    const signedIn = cookies.has(accessCookie(portal)) || cookies.has(refreshCookie(portal));
    if (!signedIn && !isOpen(pathname)) {
      const login = new URL("/login", request.url);
      if (pathname !== "/") login.searchParams.set("next", `${pathname}${search}`);
      return finish(NextResponse.redirect(login), setCookies);
    }

    const nonce = newNonce();
    const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
    const headers = new Headers(request.headers);
    headers.set("cookie", formatCookies(cookies));
    headers.set("x-nonce", nonce);
    headers.set("Content-Security-Policy", policy);
    const response = NextResponse.next({ request: { headers } });
    response.headers.set("Content-Security-Policy", policy);
    return finish(response, setCookies);
  };
}

function finish(response: NextResponse, setCookies: readonly string[]): NextResponse {
  for (const line of setCookies) response.headers.append("set-cookie", line);
  for (const [name, value] of securityHeaders) response.headers.set(name, value);
  return response;
}

/** What the gateway wants to know about the one who really asks. */
export function callerHeaders(request: { headers: Headers }): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ["user-agent", "x-forwarded-for", "accept-language"]) {
    const value = request.headers.get(name);
    if (value) kept[name] = value;
  }
  return kept;
}
