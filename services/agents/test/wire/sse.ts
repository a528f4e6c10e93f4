import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a provider does with one request for an answer. */
export type Script =
  | { readonly kind: "text"; readonly text: string; readonly cached?: number }
  /** Ends the answer for another reason than that it is whole. */
  | { readonly kind: "stop"; readonly text: string; readonly reason: "max_tokens" | "refusal" | "context" }
  | { readonly kind: "cut"; readonly text: string }
  | { readonly kind: "hang"; readonly text: string }
  | { readonly kind: "error_in_stream"; readonly text: string }
  | {
      readonly kind: "http";
      readonly status: number;
      readonly type: string;
      readonly code?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** One request as the provider saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
  /** Settles when the client has let go of the connection. */
  readonly closed: Promise<void>;
}

export interface WireServer {
  readonly url: string;
  readonly seen: Seen[];
  /** What the next requests for an answer get, one each; the last one stays. */
  play(...scripts: Script[]): void;
  close(): Promise<void>;
}

export type Answer = (script: Script, seen: Seen, response: ServerResponse) => Promise<void>;

/** An HTTP server that keeps what it was asked and answers by script. */
export async function startWire(answer: Answer, basePath = ""): Promise<WireServer> {
  const seen: Seen[] = [];
  let scripts: Script[] = [{ kind: "text", text: "Hello." }];
  const server: Server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString("utf8");
      const entry: Seen = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
        closed: once(response, "close").then(() => undefined),
      };
      seen.push(entry);
      const [script = { kind: "text", text: "Hello." } as const, ...rest] = scripts;
      if (entry.method === "POST" && rest.length > 0) scripts = rest;
      await answer(script, entry, response);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`,
    seen,
    play(...next) {
      scripts = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
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

/** Sends server-sent events torn apart at arbitrary bytes, as networks do. */
export async function sendEvents(
  response: ServerResponse,
  events: readonly { event: string; data: object }[],
): Promise<void> {
  const bytes = Buffer.from(
    events.map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
  );
  for (let at = 0; at < bytes.length; at += 37) {
    if (response.destroyed) return;
    response.write(bytes.subarray(at, at + 37));
    if (at % 370 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
