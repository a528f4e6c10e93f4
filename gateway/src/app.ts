import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import {
  AppError,
  type Ctx,
  contractFirst,
  errors,
  hintIdleTime,
  type Logger,
  lastAnswersWhile,
  type Nats,
  newRequestId,
  type Principal,
  type Rights,
  type RpcClients,
  type TokenVerifier,
} from "@leadmetrics/kit";
import type { Span } from "@opentelemetry/api";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from "fastify";
import { jsonSchemaTransform, validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import { ctxOf, rateKeyOf, requirePrincipal } from "./edge/caller.ts";
import { beforeRouting, installErrors } from "./edge/errors.ts";
import { installIdempotency } from "./edge/idempotency.ts";
import { observe } from "./edge/observe.ts";
import { SharedCounters } from "./edge/rate-limit.ts";
import type { Feed } from "./live/feed.ts";
import { endStreams, streamEvents } from "./live/sse.ts";
import {
  byAddress,
  PUBLIC_LIMITS,
  publicAuthRoutes,
  publicSecretRoutes,
  signedInAuthRoutes,
  signedInSecretRoutes,
} from "./routes/auth.ts";
import { adminRoutes, dmRoutes, tenantRoutes } from "./routes/catalogue.ts";
import { installContractDocument, installContractOffer } from "./routes/contracts.ts";
import { installExportRoutes } from "./routes/exports.ts";
import { installFileRoutes } from "./routes/files.ts";
import { adminSecretRoutes } from "./routes/groups/identity.ts";
import { installHealth } from "./routes/health.ts";
import { installImpersonationRoute } from "./routes/impersonation.ts";
import { installPaymentRoutes } from "./routes/payments.ts";
import { installFeatures, installPlatform } from "./routes/platform.ts";
import { installRoutes, type Route } from "./routes/route.ts";
import { installSessionRoutes } from "./routes/session.ts";

export interface AppDeps {
  readonly rpc: RpcClients;
  readonly verifier: TokenVerifier;
  readonly rights: Rights;
  readonly nats: Nats;
  readonly feed: Feed;
  readonly log: Logger;
  readonly trustedProxies: string;
  readonly production: boolean;
  readonly rateLimitScale: number;
  /** Whether the process is about to end. */
  readonly draining?: () => boolean;
}

const BODY_BYTES = 512 * 1024;
const FILE_BYTES = 10 * 1024 * 1024;
const FILES_AT_ONCE = 32;
const REQUEST_TIMEOUT_MS = 30_000;
const CALLS_PER_MINUTE = 300;
const MINUTE_MS = 60_000;

declare module "fastify" {
  interface FastifyRequest {
    principal: Principal;
    span?: Span;
    startedAt: number;
    /** Aborts when the connection ends before the answer. */
    gone: AbortSignal;
  }
}

/** Who may enter a route group. */
type Guard = (principal: Principal) => boolean;
const clients: Guard = (principal) => principal.kind === "tenant";
const staff: Guard = (principal) => principal.kind === "platform";
const superAdmins: Guard = (principal) => principal.kind === "platform" && principal.role === "super_admin";
const people: Guard = (principal) => principal.kind === "tenant" || principal.kind === "platform";

/** The gateway, the same in production and in tests; it listens when told to. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const log: FastifyBaseLogger = deps.log.child({}, { level: deps.production ? "info" : "warn" });
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 0,
    trustProxy: deps.trustedProxies
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean),
    requestIdHeader: false,
    genReqId: () => newRequestId(),
    forceCloseConnections: "idle",
    frameworkErrors: beforeRouting,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  installErrors(app);
  // A stream never ends by itself: browsers go to another process and resume there.
  app.addHook("preClose", async () => endStreams());
  hintIdleTime(app);
  lastAnswersWhile(app, deps.draining ?? (() => false));
  observe(app);
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: "same-site" },
  });
  await app.register(multipart, {
    limits: { fileSize: FILE_BYTES, files: FILES_AT_ONCE, fields: 10 },
    throwFileSizeLimit: false,
  });
  await installRateLimit(app, deps);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Leadmetrics API",
        version: "1",
        description:
          "Every error has the same shape: `error.code`, `error.message`, `error.details`, `error.requestId`.",
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: "/docs" });

  app.get(
    "/healthz",
    { schema: { summary: "Is the gateway up", response: { 200: z.object({ status: z.string() }) } } },
    async () => ({ status: "ok" }),
  );
  const callerCtx = (request: FastifyRequest): Ctx =>
    ctxOf(request, request.principal, closedSignal(request));
  const publicCtx = (request: FastifyRequest): Ctx => ({
    ...ctxOf(request, { kind: "public" }, closedSignal(request)),
    bearer: undefined,
  });

  // With the route, not in a hook of the group: the limiter has looked at the route by then.
  const limitOf = ({ path }: Route) => {
    const max = PUBLIC_LIMITS[path];
    return max ? { rateLimit: { max: max * deps.rateLimitScale, ...byAddress } } : {};
  };
  for (const { kept, open, signedIn } of [
    { kept: true, open: publicAuthRoutes, signedIn: signedInAuthRoutes },
    { kept: false, open: publicSecretRoutes, signedIn: signedInSecretRoutes },
  ]) {
    await app.register(
      async (group) => {
        if (kept) installIdempotency(group, deps.nats);
        await group.register(async (inner) => installRoutes(inner, open, deps.rpc, publicCtx, limitOf));
        await guarded(group, people, deps, (inner) => installRoutes(inner, signedIn, deps.rpc, callerCtx));
      },
      { prefix: "/auth/v1" },
    );
  }
  // Answers with tokens are never kept for a second asking.
  await app.register(
    async (group) => {
      const options = { publicCtx, secure: deps.production, scale: deps.rateLimitScale };
      installSessionRoutes(group, deps.rpc, options);
      installImpersonationRoute(group, deps.rpc, options);
      installPlatform(group);
    },
    { prefix: "/auth/v1" },
  );

  await app.register(
    (group) =>
      guarded(group, superAdmins, deps, (inner) =>
        installRoutes(inner, adminSecretRoutes, deps.rpc, callerCtx),
      ),
    { prefix: "/admin/v1" },
  );

  await app.register(async (group) => installPaymentRoutes(group, deps.rpc, publicCtx), { prefix: "/pg/v1" });

  const groups = [
    { prefix: "/tenant/v1", guard: clients, routes: tenantRoutes },
    { prefix: "/dm/v1", guard: staff, routes: dmRoutes },
    { prefix: "/admin/v1", guard: superAdmins, routes: adminRoutes },
  ];
  for (const { prefix, guard, routes } of groups) {
    await app.register(
      (group) =>
        guarded(group, guard, deps, (inner) => {
          installIdempotency(inner, deps.nats);
          installRoutes(inner, routes, deps.rpc, callerCtx);
          if (prefix === "/tenant/v1") {
            installFileRoutes(inner, deps.rpc, callerCtx);
            installContractDocument(inner, deps.rpc, callerCtx);
            installFeatures(inner);
          }
          if (prefix === "/admin/v1") {
            installContractOffer(inner, deps.rpc, callerCtx);
            installContractDocument(inner, deps.rpc, callerCtx, "/tenants/:tenantRef");
            installExportRoutes(inner, deps.rpc, callerCtx);
            installHealth(inner, deps.rpc);
          }
          inner.get(
            "/events",
            { schema: { summary: "What happens, live (server-sent events; resumes after Last-Event-ID)" } },
            (request, reply) => {
              const { principal } = request;
              if (principal.kind === "tenant" && principal.beforeContract) throw contractFirst();
              return streamEvents(request, reply, deps.feed, principal, deps.rights);
            },
          );
        }),
      { prefix },
    );
  }
  await app.ready();
  return app;
}

/** A group of routes behind one guard: nothing in it can be reached around it. */
async function guarded(
  group: FastifyInstance,
  guard: Guard,
  deps: AppDeps,
  install: (inner: FastifyInstance) => void,
): Promise<void> {
  await group.register(async (inner) => {
    inner.addHook("onRequest", async (request) => {
      const principal = await requirePrincipal(request, deps.verifier);
      if (!guard(principal))
        throw errors.forbidden("This part of the API is not for your kind of account.", "wrong_portal");
      request.principal = principal;
    });
    install(inner);
  });
}

const NEVER = new AbortController().signal;

/** Aborts when the caller has gone. What is to be carried out once is carried out: its answer waits under the key. */
function closedSignal(request: FastifyRequest): AbortSignal {
  return request.idempotency ? NEVER : request.gone;
}

async function installRateLimit(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const counters = new SharedCounters(deps.nats.nc);
  class Store {
    readonly #scope: string;
    constructor(options: { scope?: string; max?: unknown }) {
      this.#scope = options.scope ?? "all";
    }
    incr(key: string, done: (error: Error | null, result: { current: number; ttl: number }) => void): void {
      done(null, counters.hit(`${this.#scope}|${key}`, MINUTE_MS));
    }
    // Its types say that it gets a route; it gets the limit's parameters with the route in them.
    child(limit: { routeInfo?: { url?: string }; url?: string }): Store {
      return new Store({ scope: limit.routeInfo?.url ?? limit.url ?? "all" });
    }
  }
  await app.register(rateLimit, {
    global: true,
    max: CALLS_PER_MINUTE * deps.rateLimitScale,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => rateKeyOf(request, deps.verifier),
    store: Store,
    errorResponseBuilder: (_request, info) =>
      new AppError(
        "exhausted",
        "rate_limited",
        `Too many requests. Try again in ${Math.ceil(info.ttl / 1_000)} seconds.`,
        { retryAfterMs: info.ttl },
      ),
  });
}
