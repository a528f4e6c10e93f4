import { randomBytes } from "node:crypto";

/** Milliseconds one call may take. */
const CALL_TIMEOUT_MS = 30_000;
/** Milliseconds between two tries. */
const PAUSE_MS = 300;

/** An answer of the API that is not 2xx. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  constructor(method: string, path: string, status: number, body: unknown) {
    const error = readError(body);
    super(`${method} ${path} answered ${status} ${error.code}: ${error.message}`);
    this.status = status;
    this.code = error.code;
    this.details = error.details;
  }
}

function readError(body: unknown): { code: string; message: string; details: unknown } {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    if (typeof error === "object" && error !== null) {
      const part = error as Record<string, unknown>;
      return { code: String(part.code), message: String(part.message), details: part.details };
    }
  }
  return { code: "unreadable", message: JSON.stringify(body).slice(0, 300), details: undefined };
}

/** What a call gave: its body, how long it took, and the trace it started. */
export interface Answer<T> {
  readonly body: T;
  readonly status: number;
  readonly ms: number;
  readonly traceId: string;
}

/** A person at the public REST API, with a bearer token once they have signed in. */
export class Rest {
  readonly #base: string;
  #token: string | undefined;
  /** Milliseconds for which a call is sent again, under the same key, to a gateway or service that is being started. */
  patienceMs = 0;

  constructor(base: string) {
    this.#base = base.replace(/\/$/, "");
  }

  set token(token: string) {
    this.#token = token;
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.#call<T>("GET", path);
  }

  post<T>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.#call<T>("POST", path, { json: body });
  }

  put<T>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.#call<T>("PUT", path, { json: body });
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.#call<T>("DELETE", path);
  }

  upload<T>(path: string, form: FormData): Promise<Answer<T>> {
    return this.#call<T>("POST", path, { form });
  }

  async #call<T>(
    method: string,
    path: string,
    content: { json?: unknown; form?: FormData } = {},
  ): Promise<Answer<T>> {
    const traceId = randomBytes(16).toString("hex");
    const headers: Record<string, string> = {
      traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01`,
    };
    if (this.#token) headers.authorization = `Bearer ${this.#token}`;
    if (method === "POST") headers["idempotency-key"] = randomBytes(12).toString("hex");
    if (content.json !== undefined) headers["content-type"] = "application/json";
    const started = performance.now();
    const response = await this.#answer(path, {
      method,
      headers,
      body: content.form ?? (content.json === undefined ? undefined : JSON.stringify(content.json)),
    });
    const text = await response.text();
    const body: unknown = text === "" ? {} : JSON.parse(text);
    if (!response.ok) throw new RestError(method, path, response.status, body);
    // The shapes are the API's own; the callers name the fields they read.
    return { body: body as T, status: response.status, ms: performance.now() - started, traceId };
  }

  async #answer(path: string, request: RequestInit): Promise<Response> {
    const end = Date.now() + this.patienceMs;
    for (;;) {
      const patient = Date.now() < end;
      const response = await fetch(this.#base + path, {
        ...request,
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      }).catch((error: unknown) => {
        // The gateway itself is being started. What was sent with a key is carried out once.
        if (patient && error instanceof TypeError) return undefined;
        throw error;
      });
      if (response && (response.status !== 503 || !patient)) return response;
      await response?.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/**
 * Asks again until `look` gives something, at most `withinMs`.
 * @throws Error naming `what` when the time is over.
 */
export async function until<T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
