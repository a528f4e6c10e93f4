/**
 * fetch with the session in mind: an answer of 401 renews the session once for all calls that wait, then sends the call
 * again. Only a refusal by the gateway ends the session here; an outage leaves the person signed in.
 */

type Renewed = "fresh" | "ended" | "unreachable";
type Fetch = (request: Request) => Promise<Response>;

/** Calls that make or end a session: their 401 is an answer, not the end of one. */
const OPEN =
  /^\/api\/auth\/v1\/(register|verify-email|password-reset(\/request)?|login(\/code)?|passkeys\/sign-in(\/options)?|refresh|logout|impersonation)$/;

export interface SessionFetchOptions {
  fetch?: Fetch;
  /** Called when the session is really over. */
  onEnded: () => void;
}

export function createSessionFetch({
  fetch = (request) => globalThis.fetch(request),
  onEnded,
}: SessionFetchOptions): Fetch {
  let renewing: Promise<Renewed> | undefined;

  const renew = (origin: string) => {
    renewing ??= fetch(
      new Request(new URL("/api/auth/v1/refresh", origin), {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
      }),
    )
      .then((answer): Renewed => (answer.ok ? "fresh" : answer.status === 401 ? "ended" : "unreachable"))
      .catch((): Renewed => "unreachable")
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };

  return async (request) => {
    const { pathname, origin } = new URL(request.url);
    if (OPEN.test(pathname)) return fetch(request);
    const again = request.clone();
    const answer = await fetch(request);
    if (answer.status !== 401) return answer;
    const renewed = await renew(origin);
    if (renewed === "fresh") return fetch(again);
    if (renewed === "ended") onEnded();
    return answer;
  };
}
