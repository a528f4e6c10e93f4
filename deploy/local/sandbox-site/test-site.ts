import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { USERS } from "./model.ts";
import { type SandboxSite, startSandboxSite } from "./server.ts";

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire, compared as it is
  body: any;
}

export const POSTS = "/wp-json/wp/v2/posts";

export const passwords: Record<string, string> = Object.fromEntries(
  USERS.map((user) => [user.login, user.applicationPassword]),
);
export const basic = (user: string, password = passwords[user] ?? "") =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** A sandbox site of a test's own, with a clock that the test turns. */
export class TestSite {
  readonly #dir: string;
  readonly #time: { now: number };
  site: SandboxSite;

  private constructor(dir: string, time: { now: number }, site: SandboxSite) {
    this.#dir = dir;
    this.#time = time;
    this.site = site;
  }

  static async start(): Promise<TestSite> {
    const dir = await mkdtemp(join(tmpdir(), "lm-site-"));
    const time = { now: Date.parse("2026-11-20T10:00:00Z") };
    return new TestSite(dir, time, await startSandboxSite({ port: 0, dir, now: () => time.now }));
  }

  /** Milliseconds. */
  get clock(): number {
    return this.#time.now;
  }
  set clock(now: number) {
    this.#time.now = now;
  }

  /** Another process on what this one has stored. */
  async restart(): Promise<void> {
    await this.site.stop();
    this.site = await startSandboxSite({ port: 0, dir: this.#dir, now: () => this.#time.now });
  }

  async close(): Promise<void> {
    await this.site.stop();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async call(
    method: string,
    path: string,
    options: {
      as?: string;
      auth?: string;
      json?: unknown;
      body?: RequestInit["body"];
      headers?: Record<string, string>;
    } = {},
  ): Promise<Reply> {
    const headers: Record<string, string> = { ...options.headers };
    const auth = options.auth ?? (options.as ? basic(options.as) : undefined);
    if (auth) headers.authorization = auth;
    if (options.json !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(`${this.site.url}${path}`, {
      method,
      headers,
      body: options.json === undefined ? options.body : JSON.stringify(options.json),
      redirect: "manual",
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  create(json: unknown, as = "editor"): Promise<Reply> {
    return this.call("POST", POSTS, { as, json });
  }
}
