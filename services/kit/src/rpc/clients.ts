import type { DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import {
  type CallOptions,
  type Client,
  Code,
  ConnectError,
  createClient,
  createContextKey,
  createContextValues,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { createTransport } from "@connectrpc/connect/protocol-connect";
import { KeysService, ServiceTokensService } from "@leadmetrics/proto/identity/v1/keys";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { JSONWebKeySet } from "jose";
import type { BaseConfig } from "../config.ts";
import { type Ctx, TENANT_HEADER } from "../context.ts";
import { currentTraceparent } from "../events/trace.ts";
import { toRef } from "../ids.ts";
import { redact } from "../log.ts";
import { ATTR } from "../telemetry/attributes.ts";
import { rpcCalled, rpcRetries } from "../telemetry/metrics.ts";
import { HEADER } from "./interceptors/call.ts";
import { byMethod } from "./observed.ts";
import type { KeySource } from "./verifier.ts";
import { wireClient } from "./wire.ts";

export type ServiceName =
  | "identity"
  | "tenancy"
  | "content"
  | "agents"
  | "billing"
  | "notifications"
  | "rag"
  | "search";

/** Milliseconds a call may take, tries included. */
const CALL_TIMEOUT_MS = 15_000;
/** Pauses before a try again, milliseconds. */
const RETRY_PAUSES_MS = [50, 250];
/** Bytes a message may have to be sent or taken; what a service takes is its own limit, see `server.ts`. */
const MAX_BYTES = 0xffff_ffff;
/** A service token is renewed this long before it ends, milliseconds. */
const RENEW_AHEAD_MS = 60_000;

type Identity = { as: "service" } | { as: "caller"; bearer: string } | { as: "nobody" };
const identityKey = createContextKey<Identity>({ as: "nobody" }, { description: "as whom a call is made" });

/** Calls as this service, about the context's tenant when it has exactly one. */
export function asService(ctx: Ctx): CallOptions {
  return optionsFor(ctx, { as: "service" });
}

/** Calls as the person who called us, with their own token and rights. */
export function asCaller(ctx: Ctx): CallOptions {
  return optionsFor(ctx, ctx.bearer ? { as: "caller", bearer: ctx.bearer } : { as: "nobody" });
}

function optionsFor(ctx: Ctx, identity: Identity): CallOptions {
  const headers = new Headers({ [HEADER.requestId]: ctx.requestId });
  const [tenantId] = ctx.tenantIds;
  if (tenantId && ctx.tenantIds.length === 1) headers.set(TENANT_HEADER, toRef(tenantId));
  if (ctx.traceparent) headers.set("traceparent", ctx.traceparent);
  if (ctx.remoteIp) headers.set(HEADER.remoteIp, ctx.remoteIp);
  if (ctx.userAgent) headers.set(HEADER.userAgent, ctx.userAgent);
  if (ctx.idempotencyKey) headers.set(HEADER.idempotencyKey, ctx.idempotencyKey);
  return { headers, signal: ctx.signal, contextValues: createContextValues().set(identityKey, identity) };
}

export interface RpcClients {
  /** A typed client of another service; connections are kept and shared. */
  client<S extends DescService>(desc: S, target: ServiceName): Client<S>;
  /** The platform's keys, asked from identity. */
  readonly keys: KeySource;
}

type Urls = Pick<BaseConfig, `${Uppercase<ServiceName>}_URL`>;

/**
 * @param options.serviceToken how this process proves which service it is; by default it exchanges its secret at identity
 */
export function rpcClients(options: {
  name: string;
  urls: Urls;
  secret: string;
  serviceToken?: () => Promise<string>;
}): RpcClients {
  const httpClient = wireClient();
  const transports = new Map<ServiceName, Transport>();
  const urls: Record<ServiceName, string> = {
    identity: options.urls.IDENTITY_URL,
    tenancy: options.urls.TENANCY_URL,
    content: options.urls.CONTENT_URL,
    agents: options.urls.AGENTS_URL,
    billing: options.urls.BILLING_URL,
    notifications: options.urls.NOTIFICATIONS_URL,
    rag: options.urls.RAG_URL,
    search: options.urls.SEARCH_URL,
  };
  const token = options.serviceToken ?? tokenExchange();
  const transport = (target: ServiceName): Transport => {
    let known = transports.get(target);
    if (!known) {
      known = createTransport({
        baseUrl: urls[target],
        httpClient,
        useBinaryFormat: true,
        defaultTimeoutMs: CALL_TIMEOUT_MS,
        // Services stand side by side: packing costs both of them more than the wire between them.
        acceptCompression: [],
        sendCompression: null,
        compressMinBytes: MAX_BYTES,
        readMaxBytes: MAX_BYTES,
        writeMaxBytes: MAX_BYTES,
        interceptors: [observe, authorization(token), tryAgain],
      });
      transports.set(target, known);
    }
    return known;
  };
  const client = <S extends DescService>(desc: S, target: ServiceName) =>
    createClient(desc, transport(target));

  function tokenExchange(): () => Promise<string> {
    let held: { token: string; until: number } | undefined;
    let asking: Promise<string> | undefined;
    const ask = async () => {
      const answer = await client(ServiceTokensService, "identity").issueServiceToken({
        service: options.name,
        secret: options.secret,
      });
      held = {
        token: redact(answer.token),
        until: Number(answer.expiresOn?.seconds ?? 0n) * 1_000 - RENEW_AHEAD_MS,
      };
      return held.token;
    };
    return () => {
      if (held && held.until > Date.now()) return Promise.resolve(held.token);
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    };
  }

  return {
    client,
    keys: async () =>
      JSON.parse((await client(KeysService, "identity").getJwks({})).jwksJson) as JSONWebKeySet,
  };
}

const tracer = trace.getTracer("kit");
const called = byMethod(rpcCalled);

/** Span, trace header and metrics around a call, its tries included. */
const observe: Interceptor = (next) => async (req) => {
  const started = performance.now();
  const span = tracer.startSpan(`call ${req.service.typeName.split(".").at(-1)}/${req.method.name}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      [ATTR.rpcSystem]: "connect_rpc",
      [ATTR.rpcService]: req.service.typeName,
      [ATTR.rpcMethod]: req.method.name,
    },
  });
  return context.with(trace.setSpan(context.active(), span), async () => {
    const own = currentTraceparent();
    if (own) req.header.set("traceparent", own);
    let code = "ok";
    try {
      return await next(req);
    } catch (error) {
      const failure = ConnectError.from(error);
      code = Code[failure.code];
      span.setStatus({ code: SpanStatusCode.ERROR, message: failure.rawMessage });
      throw failure;
    } finally {
      called(req.method, code).observe((performance.now() - started) / 1_000);
      span.end();
    }
  });
};

function authorization(token: () => Promise<string>): Interceptor {
  return (next) => async (req) => {
    const identity = req.contextValues.get(identityKey);
    if (identity.as === "service") req.header.set("authorization", `Bearer ${await token()}`);
    if (identity.as === "caller") req.header.set("authorization", `Bearer ${identity.bearer}`);
    return next(req);
  };
}

/** Tries again what may be done twice, and only when the other side wasn't there. */
const tryAgain: Interceptor = (next) => async (req) => {
  const repeatable =
    !req.stream && req.method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  for (const pause of repeatable ? RETRY_PAUSES_MS : []) {
    try {
      return await next(req);
    } catch (error) {
      if (ConnectError.from(error).code !== Code.Unavailable || req.signal.aborted) throw error;
      rpcRetries.inc({ rpc_service: req.service.typeName, rpc_method: req.method.name });
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
  }
  return next(req);
};
