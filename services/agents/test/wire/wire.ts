import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

/** What a provider does with one request for an answer. */
export type Script =
  /** @property cached tokens of the prompt that came out of the provider's cache */
  | { readonly kind: "text"; readonly text: string; readonly cached?: number }
  /** Ends the answer for another reason than that it is whole. */
  | { readonly kind: "stop"; readonly text: string; readonly reason: StopReason }
  /** The stream ends cleanly, or the connection breaks, before the final event. */
  | { readonly kind: "cut"; readonly text: string; readonly how: "end" | "reset" }
  /** Silence after the text; without a text, before the headers. */
  | { readonly kind: "hang"; readonly text?: string }
  /** @property nested the form that some compatible servers use instead of the documented one */
  | {
      readonly kind: "error_in_stream";
      readonly text: string;
      readonly code: string;
      readonly nested?: boolean;
    }
  /** The stream ends with the provider's own final event for a failed answer. */
  | { readonly kind: "failed"; readonly text: string; readonly code: string }
  | HttpScript;

export type StopReason = "max_tokens" | "refusal" | "context" | "filter";

export interface HttpScript {
  readonly kind: "http";
  readonly status: number;
  readonly type: string;
  readonly code?: string | number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is instead of the provider's error body: what a proxy in between answers. */
  readonly html?: string;
}

/** One request as the provider saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
  /** Settles when the connection is closed or the answer is whole. */
  readonly closed: Promise<void>;
}

export interface WireServer {
  readonly url: string;
  readonly seen: Seen[];
  /** What the next requests get, one each; the last one stays. */
  play(...scripts: Script[]): void;
  close(): Promise<void>;
}

/** How a provider's protocol words what happens. */
export interface Protocol {
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string>>;
  errorBody(script: HttpScript): object;
  model(id: string): object;
  /** The events of an answer; none of them ends the connection. */
  events(script: Exclude<Script, HttpScript>, model: string): readonly ServerEvent[];
}

export interface ServerEvent {
  readonly event: string;
  readonly data: object;
}

/** An HTTP server that keeps what it was asked and answers by script. */
export async function startWire(protocol: Protocol): Promise<WireServer> {
  const seen: Seen[] = [];
  let scripts: Script[] = [];
  const next = (): Script => {
    const [script = { kind: "text", text: "Hello." } as const, ...rest] = scripts;
    if (rest.length > 0) scripts = rest;
    return script;
  };
  const server = createServer((request, response) => {
    response.on("error", () => response.destroy());
    void receive(request, response).then((entry) => {
      seen.push(entry);
      return answer(protocol, next(), entry, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${protocol.basePath}`,
    seen,
    play(...planned) {
      scripts = planned;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    closed: once(response, "close").then(() => undefined),
  };
}

async function answer(
  protocol: Protocol,
  script: Script,
  seen: Seen,
  response: ServerResponse,
): Promise<void> {
  const json = { "content-type": "application/json", ...protocol.headers };
  if (script.kind === "http") {
    const type = script.html === undefined ? {} : { "content-type": "text/html" };
    response.writeHead(script.status, { ...json, ...type, ...script.headers });
    response.end(script.html ?? JSON.stringify(protocol.errorBody(script)));
    return;
  }
  if (seen.method === "GET") {
    response.writeHead(200, json);
    response.end(JSON.stringify(protocol.model(decodeURIComponent(seen.path.split("/").at(-1) ?? ""))));
    return;
  }
  if (script.kind === "hang" && script.text === undefined) return;
  response.writeHead(200, {
    ...protocol.headers,
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  await send(response, protocol.events(script, String(seen.body.model)));
  if (script.kind === "hang") return;
  if (script.kind === "cut" && script.how === "reset") response.destroy();
  else response.end();
}

/** Pieces of a text as a model sends them, some of a single character, some long. */
export function pieces(text: string): string[] {
  const chars = [...text];
  const out: string[] = [];
  for (let at = 0, size = 1; at < chars.length; at += size, size = (size % 7) + 1) {
    out.push(chars.slice(at, at + size).join(""));
  }
  return out;
}

/** Sends events as networks do: torn within characters, within lines and between the two line ends of an event. */
async function send(response: ServerResponse, events: readonly ServerEvent[]): Promise<void> {
  const text = events.map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("");
  const bytes = Buffer.from(text);
  let from = 0;
  for (let at = 1; at <= bytes.length; at++) {
    const insideCharacter = ((bytes[at] ?? 0) & 0xc0) === 0x80;
    const betweenLineEnds = bytes[at] === 0x0a && bytes[at - 1] === 0x0a;
    if (at < bytes.length && !insideCharacter && !betweenLineEnds && at - from < 211) continue;
    if (response.destroyed) return;
    response.write(bytes.subarray(from, at));
    from = at;
    // The reader's turn: without it the pieces would arrive as one.
    await turn();
  }
}
