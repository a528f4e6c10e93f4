import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

const fault = z.strictObject({
  /** The site works this long before it stores a new post; the client may be gone by then. */
  delayBeforeInsertMs: z.number().int().min(0).max(120_000).optional(),
  /** The post is stored, the answer comes this much later. */
  delayAfterInsertMs: z.number().int().min(0).max(120_000).optional(),
  /** A plugin dies after the post was stored: 500, and the post exists. */
  fatalAfterInsert: z.boolean().optional(),
  /** The connection is cut after the post was stored, without an answer. */
  hangUpAfterInsert: z.boolean().optional(),
  /** An update is running: 503 with Retry-After on everything. */
  maintenance: z.boolean().optional(),
  databaseDown: z.boolean().optional(),
  /** A plugin looks the user up early: wrong credentials are refused everywhere, public pages too. */
  earlyUserLookup: z.boolean().optional(),
  /** What a production site on plain http does: every application password is ignored. */
  applicationPasswordsOff: z.boolean().optional(),
  /** Meta keys a plugin registered; all others are dropped. */
  metaKeys: z.array(z.string()).optional(),
  /** PHP's limits for multipart uploads, in bytes. */
  uploadMaxFilesize: z.number().int().positive().optional(),
  postMaxSize: z.number().int().positive().optional(),
  /** After so many creates the faults on inserts are over. */
  times: z.number().int().positive().optional(),
});

export type Fault = z.output<typeof fault>;

/** Something the site was asked, for tests that count. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly at: string;
}

const HEADER = "x-sandbox-fault";
const REMEMBERED = 2_000;

/** The site's misbehaviour, set for all requests by the control endpoint or for one by a header. */
export class Faults {
  #current: Fault = {};
  readonly #enabled: boolean;
  readonly seen: Seen[] = [];

  /** @param enabled false in production: then neither the header nor the endpoint exists */
  constructor(enabled: boolean) {
    this.#enabled = enabled;
  }

  set(value: Fault): void {
    this.#current = fault.parse(value);
  }

  of(request: FastifyRequest): Fault {
    const header = request.headers[HEADER];
    if (!this.#enabled || typeof header !== "string") return this.#current;
    return { ...this.#current, ...fault.parse(JSON.parse(header)) };
  }

  /** The faults of one create. */
  takeInsert(request: FastifyRequest): Fault {
    const now = this.of(request);
    const { times } = this.#current;
    if (times === 1) this.#current = {};
    else if (times !== undefined) this.#current = { ...this.#current, times: times - 1 };
    return now;
  }

  remember(request: FastifyRequest): void {
    if (request.url.startsWith("/__sandbox/")) return;
    this.seen.push({ method: request.method, path: request.url, at: new Date().toISOString() });
    if (this.seen.length > REMEMBERED) this.seen.shift();
  }

  routes(app: FastifyInstance): void {
    if (!this.#enabled) return;
    app.get("/__sandbox/faults", async () => this.#current);
    app.put("/__sandbox/faults", async (request, reply) => {
      const text = Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "{}";
      const parsed = fault.safeParse(readJson(text));
      if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) });
      this.#current = parsed.data;
      return parsed.data;
    });
    app.get("/__sandbox/requests", async () => ({ requests: this.seen }));
    app.delete("/__sandbox/requests", async (_request, reply) => {
      this.seen.length = 0;
      return reply.code(204).send();
    });
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
