import { lookup as dnsLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import {
  Agent,
  Headers as UndiciHeaders,
  type RequestInit as UndiciRequestInit,
  type Response as UndiciResponse,
  fetch as undiciFetch,
} from "undici";
import { AppError } from "./errors.ts";

/** What a guarded call may do and take. */
export interface GuardOptions {
  /** `host:port` that may be private: the sandbox site of a laptop. Never set in production. */
  readonly allowPrivate?: readonly string[];
  /** Milliseconds until the whole answer must be there; 20 s by default. */
  readonly timeoutMs?: number;
  /** Bytes of body that are read; 5 MiB by default. */
  readonly maxBytes?: number;
  /** False gives a redirect back as it is, to a caller who has rules of its own for where to go. */
  readonly followRedirects?: boolean;
  /** Whether the body is wanted, by the head of the answer; an unwanted one is never read. */
  readonly wants?: (head: { readonly status: number; readonly headers: Headers }) => boolean;
  readonly signal?: AbortSignal;
}

export interface GuardedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly url: string;
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8. */
  readonly text: string;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;
const MAX_REDIRECTS = 3;
/** A name that answers nothing else is public. */
const PUBLIC_RANGE = "unicast";

/** Whether an address belongs to nobody's inside: no loopback, private, link-local, metadata, mapped or reserved one. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === PUBLIC_RANGE;
}

/** The addresses of `SSRF_ALLOW`. @throws Error in production, where nothing private may be reached */
export function privateAllowance(text: string | undefined, production: boolean): readonly string[] {
  const entries = (text ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
  if (entries.length > 0 && production) throw new Error("SSRF_ALLOW must not be set in production");
  return entries;
}

/**
 * Fetches a URL that a person has typed in. The address is checked when the connection is made, so a name can't change
 * its meaning between the check and the use; each redirect is checked again and credentials don't follow to another origin.
 *
 * @throws AppError conflict: invalid_url, private_address, unreachable, too_many_redirects, answer_too_large; timeout
 */
export async function guardedFetch(
  url: string,
  init: UndiciRequestInit = {},
  options: GuardOptions = {},
): Promise<GuardedResponse> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let target = parseUrl(url);
  let request: UndiciRequestInit = init;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const agent = agentFor(target, options.allowPrivate ?? []);
    try {
      const response = await undiciFetch(target, {
        ...request,
        redirect: "manual",
        signal,
        dispatcher: agent,
      });
      const location = response.headers.get("location");
      const redirects = response.status >= 300 && response.status < 400 && location !== null;
      if (!redirects || options.followRedirects === false || !isReplayable(response.status, request.method))
        return await read(response, target, options);
      await response.body?.cancel();
      const next = parseUrl(new URL(location, target).href);
      if (next.origin !== target.origin)
        request = { ...request, headers: withoutCredentials(request.headers) };
      target = next;
    } catch (error) {
      throw explain(error, target, timeout);
    } finally {
      void agent.close().catch(() => agent.destroy());
    }
  }
  throw refused("too_many_redirects", `${target.host} redirects in circles. Use the site's final address.`);
}

/** Only reads follow a redirect: a redirected write may already have been carried out. */
function isReplayable(status: number, method: string | undefined): boolean {
  return (method ?? "GET").toUpperCase() === "GET" && status !== 304;
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw refused(
      "invalid_url",
      `"${text.slice(0, 200)}" is not a web address. It must start with https:// or http://.`,
    );
  }
  if (url.username || url.password)
    throw refused("invalid_url", "The address must not contain a user name or password.");
  return url;
}

function agentFor(url: URL, allowPrivate: readonly string[]): Agent {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const allowed = allowPrivate.includes(`${url.hostname}:${port}`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowed && isIP(host) !== 0 && !isPublicAddress(host)) throw privateAddress(url);
  const lookup: LookupFunction = (name, lookupOptions, callback) => {
    dnsLookup(name, { ...lookupOptions, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const usable = allowed ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = usable;
      if (!first) return callback(Object.assign(new Error("private address"), { code: "EPRIVATE" }), []);
      return lookupOptions.all ? callback(null, usable) : callback(null, first.address, first.family);
    });
  };
  return new Agent({ connect: { lookup, timeout: 5_000 }, connections: 1, pipelining: 0 });
}

async function read(response: UndiciResponse, url: URL, options: GuardOptions): Promise<GuardedResponse> {
  const { maxBytes = DEFAULT_MAX_BYTES, wants = () => true } = options;
  const headers = new Headers([...response.headers.entries()]);
  const head = { status: response.status, headers, url: url.href };
  if (!wants(head)) {
    await response.body?.cancel();
    return { ...head, bytes: new Uint8Array(), text: "" };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw refused(
        "answer_too_large",
        `${url.host} answered with more than ${Math.floor(maxBytes / 1024)} KiB.`,
      );
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return { ...head, bytes, text: bytes.toString("utf8") };
}

function withoutCredentials(headers: UndiciRequestInit["headers"]): UndiciHeaders {
  const kept = new UndiciHeaders(headers);
  kept.delete("authorization");
  kept.delete("cookie");
  return kept;
}

function explain(error: unknown, url: URL, timeout: AbortSignal): unknown {
  if (error instanceof AppError) return error;
  if (timeout.aborted)
    return new AppError("timeout", "unreachable", `${url.host} did not answer in time.`, { cause: error });
  const code = codeOf(error);
  if (code === "EPRIVATE") return privateAddress(url);
  if (code === "ABORT_ERR" || (error instanceof Error && error.name === "AbortError")) return error;
  return new AppError(
    "conflict",
    "unreachable",
    `${url.host} can't be reached (${code ?? "no connection"}). Check the address.`,
    { cause: error },
  );
}

function codeOf(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && at.code !== "UND_ERR") return at.code;
  }
  return undefined;
}

function privateAddress(url: URL): AppError {
  return refused(
    "private_address",
    `${url.host} is a private or local address. Use the site's public address.`,
  );
}

function refused(reason: string, message: string): AppError {
  return new AppError("conflict", reason, message);
}
