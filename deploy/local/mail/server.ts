import { BackendUnavailable } from "@leadmetrics/kit/backends";
import fastify from "fastify";
import { z } from "zod";
import { portOf } from "../listening.ts";
import { inboxPage, messagePage, notFoundPage } from "./pages.ts";
import { listenSmtp } from "./smtp.ts";
import { MailStore, type Message } from "./store.ts";

export interface MailCatcher {
  readonly smtpUrl: string;
  /** The web inbox; its JSON API is below `/api/messages`. */
  readonly url: string;
  readonly store: MailStore;
  stop(): Promise<void>;
}

const filter = z.object({
  to: z.string().optional(),
  subject: z.string().optional(),
  since: z.string().regex(/^\d+$/).optional(),
  /** Wait this long for a match instead of answering an empty list. */
  waitMs: z.coerce.number().int().min(0).max(60_000).default(0),
});

const named = z.object({ id: z.string().regex(/^\d+$/) });

/**
 * Starts the mail catcher: SMTP on one port, a web inbox with a JSON API on another. Port 0 takes a free one.
 *
 * @throws {BackendUnavailable} naming the port that is taken
 */
export async function startMailCatcher(options: {
  smtpPort: number;
  webPort: number;
  dir: string;
}): Promise<MailCatcher> {
  const store = new MailStore(options.dir);
  await store.open();
  const host = "127.0.0.1";
  const smtp = await listenSmtp(store, options.smtpPort, host).catch(portTaken(options.smtpPort, "SMTP"));
  const web = inbox(store);
  try {
    await web.listen({ port: options.webPort, host }).catch(portTaken(options.webPort, "the mail inbox"));
  } catch (error) {
    await smtp.close();
    throw error;
  }
  return {
    smtpUrl: `smtp://${host}:${smtp.port}`,
    url: `http://${host}:${portOf(web.server) ?? options.webPort}`,
    store,
    async stop() {
      await Promise.all([smtp.close(), web.close()]);
    },
  };
}

function portTaken(port: number, use: string) {
  return (error: unknown): never => {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new BackendUnavailable(
        `Port ${port}, wanted for ${use}, is taken: stop what uses it or choose other ports (--port-base).`,
      );
    }
    throw error;
  };
}

function inbox(store: MailStore) {
  const app = fastify({ forceCloseConnections: true });

  app.get("/api/messages", async (request, reply) => {
    const query = filter.safeParse(request.query);
    if (!query.success) return reply.code(400).send({ error: z.prettifyError(query.error) });
    const { waitMs, ...wanted } = query.data;
    const deadline = Date.now() + waitMs;
    for (;;) {
      const messages = store.list(wanted);
      if (messages.length > 0 || Date.now() >= deadline) return { items: messages };
      await store.nextArrival(deadline - Date.now());
    }
  });

  app.delete("/api/messages", async (_request, reply) => {
    await store.clear();
    return reply.code(204).send();
  });

  app.get("/api/messages/:id", async (request, reply) => {
    const message = find(request.params);
    return message ?? reply.code(404).send({ error: "There is no such message." });
  });

  app.get("/api/messages/:id/raw", async (request, reply) => {
    const message = find(request.params);
    const raw = message && (await store.raw(message.id));
    if (!raw) return reply.code(404).send({ error: "There is no such message." });
    return reply.type("message/rfc822").send(raw);
  });

  app.get("/", async (_request, reply) => html(reply, inboxPage(store.list())));

  app.get("/messages/:id", async (request, reply) => {
    const message = find(request.params);
    if (!message) return html(reply.code(404), notFoundPage());
    return html(reply, messagePage(message));
  });

  /** The message's own HTML, shown in a frame without scripts or rights. */
  app.get("/messages/:id/body", async (request, reply) => {
    const message = find(request.params);
    if (!message) return html(reply.code(404), notFoundPage());
    reply.header(
      "content-security-policy",
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: http: https:; style-src 'unsafe-inline'",
    );
    return html(reply, `<base target="_blank">${message.html}`);
  });

  const find = (params: unknown): Message | undefined => {
    const parsed = named.safeParse(params);
    return parsed.success ? store.get(parsed.data.id) : undefined;
  };
  return app;
}

function html<R extends { type(type: string): { send(text: string): R } }>(reply: R, text: string): R {
  return reply.type("text/html; charset=utf-8").send(text);
}
