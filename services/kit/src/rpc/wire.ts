import { Readable } from "node:stream";
import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { Agent, type Dispatcher } from "undici";

/** Connections kept and opened to one address at most. */
const MAX_CONNECTIONS = 64;
/** Milliseconds an unused connection is kept: less than a process takes to drain, see `drain.ts`. */
const IDLE_MS = 2_000;
/** What Connect calls a message that isn't one of a stream: its body is written with its head, in one piece. */
const UNARY = /^application\/(proto|json)\b/;

/**
 * HTTP/1.1 for Connect's calls, over connections that are kept and shared.
 *
 * Connect's own client for Node sends a call's head, its body and its end in three writes; between services that stand side by
 * side the writes are most of what a call costs.
 *
 * @returns a client whose failures are ConnectErrors: what the caller's signal says, or Unavailable when the connection broke
 */
export function wireClient(): UniversalClientFn {
  // Deadlines are Connect's, by the signal: a stream may be silent for longer than any time-out here.
  const agent = new Agent({
    connections: MAX_CONNECTIONS,
    keepAliveTimeout: IDLE_MS,
    // A server's wish to be kept longer counts no more.
    keepAliveMaxTimeout: IDLE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return async ({ url, method, header, body, signal }) => {
    try {
      const { origin, pathname, search } = new URL(url);
      const unary = UNARY.test(header.get("content-type") ?? "");
      const answer = await agent.request({
        origin,
        path: pathname + search,
        method: method as Dispatcher.HttpMethod,
        headers: [...header].flat(),
        body: !body ? null : unary ? await joined(body) : Readable.from(body, { objectMode: false }),
        signal,
      });
      return {
        status: answer.statusCode,
        header: headersOf(answer.headers),
        body: named(answer.body, signal),
        // Over HTTP/1.1 Connect has none: a stream ends with a message that says how.
        trailer: new Headers(),
      };
    } catch (cause) {
      throw failure(cause, signal);
    }
  };
}

async function joined(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  const [first, ...others] = parts;
  return first && others.length === 0 ? first : Buffer.concat(parts);
}

async function* named(body: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw failure(cause, signal);
  }
}

function headersOf(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    if (typeof value === "string") headers.append(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}

/** Whoever gave up says why; else the other side was lost, before or while it answered. */
function failure(cause: unknown, signal?: AbortSignal): ConnectError {
  if (signal?.aborted) return ConnectError.from(signal.reason, Code.Canceled);
  if (cause instanceof ConnectError) return cause;
  return new ConnectError("the connection broke off", Code.Unavailable, undefined, undefined, cause);
}
