import type { ServerResponse } from "node:http";
import { serve } from "./wire.ts";

type Reply = (response: ServerResponse, headers: Record<string, string | string[] | undefined>) => void;

/** A small website on the loopback whose pages are told to it, with a count of who asked for what. */
export interface SmallSite {
  readonly url: string;
  /** Its `host:port`, as the allowance names it. */
  readonly host: string;
  readonly hits: Map<string, number>;
  readonly agents: Set<string>;
  /** The most requests that were open at once. */
  readonly atOnce: () => number;
  set(path: string, reply: Reply | string): void;
  close(): Promise<void>;
}

export async function smallSite(): Promise<SmallSite> {
  const pages = new Map<string, Reply>();
  const hits = new Map<string, number>();
  const agents = new Set<string>();
  let open = 0;
  let most = 0;
  const server = await serve((request, response) => {
    const path = request.url ?? "/";
    hits.set(path, (hits.get(path) ?? 0) + 1);
    agents.add(String(request.headers["user-agent"]));
    most = Math.max(most, ++open);
    response.on("close", () => {
      open -= 1;
    });
    const reply = pages.get(path);
    if (reply) reply(response, request.headers);
    else response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not here</h1>");
  });
  return {
    url: server.url,
    host: new URL(server.url).host,
    hits,
    agents,
    atOnce: () => most,
    set: (path, reply) => void pages.set(path, typeof reply === "string" ? html(reply) : reply),
    close: server.close,
  };
}

/** A page as a server sends it. */
export const html =
  (body: string, headers: Record<string, string> = {}, status = 200): Reply =>
  (response) => {
    response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers }).end(body);
  };

export const redirect =
  (location: string, status = 302): Reply =>
  (response) => {
    response.writeHead(status, { location }).end();
  };

/** A page with a title, a text long enough to be one, and links. */
export const page = (title: string, text: string, ...links: string[]): string =>
  `<!doctype html><html><head><title>${title}</title></head><body><main><h1>${title}</h1><p>${text}</p>${links
    .map((link) => `<p><a href="${link}">${link}</a></p>`)
    .join("")}</main></body></html>`;
