import { callGateway } from "./calls.ts";
import { gatewayUrl, type Portal, refreshCookie } from "./portal.ts";
import { parseCookies } from "./token.ts";

/**
 * What came of a refresh. `unreachable` is not a sign-out: the person keeps their cookies and the page says that the
 * platform does not answer.
 */
export type Refreshed =
  | { kind: "fresh"; setCookies: readonly string[] }
  | { kind: "ended"; setCookies: readonly string[] }
  | { kind: "unreachable" };

interface Flight {
  result: Promise<Refreshed>;
  startedMs: number;
}

/**
 * How long an answer is reused. A page asks for several things at once, all with the same old refresh token; it is
 * rotated on use, so each of them must get the one answer instead of presenting a used token (which ends the session).
 */
const SHARED_FOR_MS = 10_000;
const TIMEOUT_MS = 8_000;

declare global {
  var lmRefreshFlights: Map<string, Flight> | undefined;
}
// The proxy and the route handlers are bundled apart; one map for the process keeps them from refreshing twice.
globalThis.lmRefreshFlights ??= new Map();
const flights = globalThis.lmRefreshFlights;

/** Rotates the session of a `Cookie` header, once however many ask at the same time. Undefined without a session. */
export function refreshSession(
  portal: Portal,
  cookieHeader: string | null,
  headers: Record<string, string> = {},
): Promise<Refreshed> | undefined {
  const token = parseCookies(cookieHeader).get(refreshCookie(portal));
  if (!token) return undefined;
  const now = Date.now();
  for (const [key, flight] of flights) if (now - flight.startedMs > SHARED_FOR_MS) flights.delete(key);
  const key = `${portal}:${token}`;
  const running = flights.get(key);
  if (running) return running.result;
  const result = askGateway(portal, token, headers).then((answer) => {
    // An outage must not be remembered: the next request asks again.
    if (answer.kind === "unreachable") flights.delete(key);
    return answer;
  });
  flights.set(key, { result, startedMs: now });
  return result;
}

async function askGateway(
  portal: Portal,
  token: string,
  headers: Record<string, string>,
): Promise<Refreshed> {
  try {
    const answer = await callGateway("refresh", `${gatewayUrl()}/auth/v1/refresh`, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        "x-lm-portal": portal,
        cookie: `${refreshCookie(portal)}=${token}`,
      },
      body: "{}",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    const setCookies = answer.headers.getSetCookie();
    if (answer.ok) return { kind: "fresh", setCookies };
    if (answer.status === 401 || answer.status === 403) return { kind: "ended", setCookies };
    return { kind: "unreachable" };
  } catch {
    return { kind: "unreachable" };
  }
}
