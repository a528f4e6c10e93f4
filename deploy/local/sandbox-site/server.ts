import { randomUUID } from "node:crypto";
import multipart from "@fastify/multipart";
import { BackendUnavailable } from "@leadmetrics/kit/backends";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { portOf } from "../listening.ts";
import { critical, noRoute, WpError } from "./errors.ts";
import { mediaRoutes } from "./media.ts";
import { notFoundPage, pageRoutes } from "./pages.ts";
import { paramsOf } from "./params.ts";
import { showUser } from "./post-view.ts";
import { postRoutes } from "./posts.ts";
import { mayWrite } from "./rights.ts";
import { homeOf, Site } from "./site.ts";
import { termRoutes } from "./terms.ts";

export interface SandboxSite {
  readonly url: string;
  readonly site: Site;
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Posts, media and terms, one file each. */
  readonly dir: string;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

const LARGEST_BODY = 64 * 1024 * 1024;

/**
 * A site that speaks WordPress' REST API as measured on a real one, and shows its posts as pages.
 *
 * @throws {BackendUnavailable} naming the port when it is taken
 */
export async function startSandboxSite(options: SandboxOptions): Promise<SandboxSite> {
  const site = new Site(options.dir, { faults: process.env.NODE_ENV !== "production", now: options.now });
  const app = await build(site);
  try {
    await app.listen({ port: options.port, host: "127.0.0.1" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new BackendUnavailable(
        `Port ${options.port}, wanted for the sandbox site, is taken: stop what uses it or choose other ports (--port-base).`,
      );
    }
    throw error;
  }
  return { url: `http://127.0.0.1:${portOf(app.server) ?? options.port}`, site, stop: () => app.close() };
}

async function build(site: Site): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: LARGEST_BODY,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    // Sites without pretty permalinks are asked through a parameter.
    rewriteUrl: ({ url = "/" }) => {
      const asked = new URL(url, "http://site");
      const route = asked.searchParams.get("rest_route");
      if (!route) return url;
      asked.searchParams.delete("rest_route");
      return `/wp-json${route}${asked.search}`;
    },
  });
  await app.register(multipart, { limits: { fileSize: LARGEST_BODY } });
  for (const parser of ["application/json", "text/plain"]) app.removeContentTypeParser(parser);
  // Bodies are read as WordPress reads them, not as Fastify would.
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  app.addHook("onRequest", async (request, reply) => {
    site.faults.remember(request);
    site.store.runCron(site.now());
    return duringTrouble(site, request, reply);
  });
  app.addHook("onSend", async (request, reply) => {
    if (!request.url.startsWith("/wp-json/")) return;
    if (reply.getHeader("content-type") === "application/json; charset=utf-8") {
      reply.header("content-type", "application/json; charset=UTF-8");
    }
    markForUser(site, request, reply);
  });
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof WpError ? error : critical();
    if (known !== error) app.log.error(error);
    return reply.code(known.status).send(known.toJSON());
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith("/wp-json")) return reply.code(404).send(noRoute().toJSON());
    return reply.code(404).type("text/html; charset=utf-8").send(notFoundPage());
  });

  indexRoutes(app, site);
  postRoutes(app, site);
  mediaRoutes(app, site);
  termRoutes(app, site);
  pageRoutes(app, site);
  site.faults.routes(app);
  return app;
}

/** Maintenance and a lost database answer everything, in JSON only for who asks for JSON. */
function duringTrouble(site: Site, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (request.url.startsWith("/__sandbox/")) return undefined;
  const { maintenance, databaseDown } = site.faults.of(request);
  if (!maintenance && !databaseDown) return undefined;
  const status = maintenance ? 503 : 500;
  const message = maintenance
    ? "Briefly unavailable for scheduled maintenance. Check back in a minute."
    : "Error establishing a database connection";
  if (maintenance) reply.header("retry-after", "600");
  reply.code(status);
  if (request.headers.accept?.includes("application/json")) {
    return reply.send({ code: "wp_die", message, data: { status }, additional_errors: [] });
  }
  return reply
    .type("text/html; charset=utf-8")
    .send(`<!DOCTYPE html><html><body><h1>${message}</h1></body></html>`);
}

/** Only a recognised user gets these; a client may tell from them that its credentials were taken. */
function markForUser(site: Site, request: FastifyRequest, reply: FastifyReply): void {
  let user: ReturnType<Site["userOf"]>;
  try {
    user = site.userOf(request);
  } catch {
    return;
  }
  if (request.url.startsWith("/wp-json/wp/v2/posts"))
    reply.header("allow", mayWrite(user) ? "GET, POST" : "GET");
  if (!user) return;
  reply.header("expires", "Wed, 11 Jan 1984 05:00:00 GMT");
  reply.header("cache-control", "no-cache, must-revalidate, max-age=0, no-store, private");
}

function indexRoutes(app: FastifyInstance, site: Site): void {
  app.get("/wp-json", async (request) => {
    const home = homeOf(request);
    return {
      name: "Sandbox",
      description: "Where the local platform publishes",
      url: home,
      home,
      gmt_offset: "0",
      timezone_string: "UTC",
      namespaces: ["oembed/1.0", "wp/v2"],
      authentication: site.faults.of(request).applicationPasswordsOff
        ? []
        : {
            "application-passwords": {
              endpoints: { authorization: `${home}/wp-admin/authorize-application.php` },
            },
          },
      routes: { "/wp/v2/posts": { namespace: "wp/v2", methods: ["GET", "POST"] } },
    };
  });
  app.get("/wp-json/wp/v2/users/me", async (request) => {
    const user = site.userOf(request);
    if (!user) throw new WpError(401, "rest_not_logged_in", "You are not currently logged in.");
    return showUser(user, homeOf(request), paramsOf(request).context === "edit" ? "edit" : "view");
  });
}
