import { IMPERSONATION_OVER, tabLooks } from "../impersonation/tab.ts";
import { dropAnswers, takeAnswer } from "./ahead.ts";
import { ApiError, asApiError } from "./errors.ts";
import { createSessionFetch } from "./session-fetch.ts";

/** Sends a person whose session is over to the sign-in, with the way back. */
function toSignIn(): void {
  // Nobody signs in again in a client's place.
  if (tabLooks()) {
    location.assign(IMPERSONATION_OVER);
    return;
  }
  const here = `${location.pathname}${location.search}`;
  if (location.pathname !== "/login") location.assign(`/login?ended=1&next=${encodeURIComponent(here)}`);
}

export const sessionFetch = createSessionFetch({ onEnded: toSignIn });

export type Query = Record<string, string | number | boolean | undefined>;

export interface CallOptions {
  query?: Query;
  body?: unknown;
  /** Same key, same effect: a call sent twice with it happens once. A fresh one when left out. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Lets the call outlive the page, for decisions sent while it closes. */
  keepalive?: boolean;
}

/**
 * One call of the gateway through the portal's own origin. Rejects with ApiError. Answers are typed by the caller against
 * `shapes.ts`; the contract test holds those shapes against the gateway's OpenAPI document.
 */
async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const url = new URL(`/api${path}`, location.origin);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  if (method === "GET") {
    const ahead = await takeAnswer(`${path}${url.search}`, performance.now());
    if (ahead !== undefined) return ahead as T;
  } else dropAnswers();
  const headers: Record<string, string> = { accept: "application/json" };
  const hasBody = method !== "GET" && method !== "DELETE";
  // A content type without a body is refused as an empty document.
  if (hasBody) headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = options.idempotencyKey ?? crypto.randomUUID();
  let answer: Response;
  try {
    answer = await sessionFetch(
      new Request(url, {
        method,
        headers,
        body: hasBody ? JSON.stringify(options.body ?? {}) : undefined,
        signal: options.signal,
        keepalive: options.keepalive,
      }),
    );
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw asApiError(cause);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw await refusal(answer.status, body, answer.headers.get("x-request-id"));
  return body as T;
}

/** What was refused or failed, in words; those come with the first refusal. A page that is older than the portal gets none. */
export async function refusal(
  status: number,
  body: unknown,
  requestIdHeader?: string | null,
): Promise<ApiError> {
  try {
    const { toApiError } = await import("./refusals.ts");
    return toApiError(status, body, requestIdHeader);
  } catch {
    return new ApiError({
      status,
      code: `http_${status}`,
      message: "This did not work, and why could not be fetched. Load the page again.",
      requestId: requestIdHeader ?? undefined,
    });
  }
}

export const http = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>("GET", path, { query, signal }),
  post: <T>(path: string, body?: unknown, options?: CallOptions) =>
    call<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body: unknown) => call<T>("PUT", path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>("PATCH", path, { body }),
  del: <T>(path: string, options?: CallOptions) => call<T>("DELETE", path, options),
};

export { p } from "./path.ts";
