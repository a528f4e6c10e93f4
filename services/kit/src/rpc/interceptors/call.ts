import {
  Code,
  type ConnectError,
  type Interceptor,
  type StreamRequest,
  type StreamResponse,
  type UnaryRequest,
} from "@connectrpc/connect";
import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { actorOf, type Ctx, callContextKey, narrow, newRequestId, TENANT_HEADER } from "../../context.ts";
import { errors } from "../../errors.ts";
import { parseTraceparent } from "../../events/trace.ts";
import { failpoint } from "../../failpoint.ts";
import { asTenantId, type TenantId, toRef, tryFromRef } from "../../ids.ts";
import type { Logger } from "../../log.ts";
import type { Principal } from "../../principal.ts";
import { ATTR } from "../../telemetry/attributes.ts";
import { rpcServed } from "../../telemetry/metrics.ts";
import type { TokenVerifier } from "../verifier.ts";
import { accessOf, refusalOf } from "./authorise.ts";
import { outward } from "./map-errors.ts";

/** Headers a caller says things about itself with. */
export const HEADER = {
  requestId: "x-request-id",
  remoteIp: "x-lm-remote-ip",
  userAgent: "x-lm-user-agent",
  idempotencyKey: "idempotency-key",
} as const;

/** Milliseconds a call may take when the caller names no deadline. */
const DEFAULT_DEADLINE_MS = 30_000;
const REQUEST_ID = /^[\w-]{8,64}$/;

type Call = UnaryRequest | StreamRequest;

/**
 * What happens around every served call, in this order: span, who is calling, may they, the handler, the one error the
 * caller may see, metrics, a log line.
 */
export function callInterceptor(deps: { verifier: TokenVerifier; log: Logger }): Interceptor {
  return (next) => async (req) => {
    const started = performance.now();
    const rpc = { service: req.service.typeName, method: req.method.name };
    const parent = parseTraceparent(req.header.get("traceparent") ?? undefined);
    const span = trace.getTracer("kit").startSpan(
      `${rpc.service.split(".").at(-1)}/${rpc.method}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          [ATTR.rpcSystem]: "connect_rpc",
          [ATTR.rpcService]: rpc.service,
          [ATTR.rpcMethod]: rpc.method,
        },
      },
      parent ? trace.setSpanContext(context.active(), parent) : context.active(),
    );
    const active = trace.setSpan(context.active(), span);
    const requestId = requestIdOf(req);
    let log = deps.log;
    let { signal } = req;
    const finish = (thrown: unknown): ConnectError | undefined => {
      const seconds = (performance.now() - started) / 1_000;
      const failure = thrown === undefined ? undefined : outward(thrown, signal);
      const code = failure ? Code[failure.error.code] : "ok";
      rpcServed.observe({ rpc_service: rpc.service, rpc_method: rpc.method, code }, seconds);
      endSpan(span, failure?.error);
      const line = { requestId, rpc: `${rpc.service}/${rpc.method}`, code, ms: Math.round(seconds * 1_000) };
      if (failure?.defect) log.error({ ...line, err: failure.error.cause ?? thrown }, "a call failed");
      else log.debug(line, "call");
      return failure?.error;
    };
    return context.with(active, async () => {
      try {
        const ctx = await contextOf(req, requestId, deps);
        ({ log, signal } = ctx);
        span.setAttributes({ [ATTR.request]: requestId, [ATTR.actorKind]: ctx.actor.kind });
        const [tenantId] = ctx.tenantIds;
        if (tenantId && ctx.tenantIds.length === 1) span.setAttribute(ATTR.tenant, toRef(tenantId));
        req.contextValues.set(callContextKey, ctx);
        const response = await (req.stream ? next(req) : within(signal, next(req)));
        response.header.set(HEADER.requestId, requestId);
        failpoint(`rpc.${rpc.method}.answered`);
        if (response.stream) return watched(response, finish);
        finish(undefined);
        return response;
      } catch (error) {
        throw finish(error);
      }
    });
  };
}

async function contextOf(
  req: Call,
  requestId: string,
  deps: { verifier: TokenVerifier; log: Logger },
): Promise<Ctx> {
  const rule = accessOf(req.method);
  const bearer = bearerOf(req.header.get("authorization"));
  const principal: Principal = bearer ? await deps.verifier.verify(bearer) : { kind: "public" };
  const refusal = refusalOf(rule, principal);
  if (refusal) throw refusal;
  const tenantHeader = req.header.get(TENANT_HEADER) ?? undefined;
  const limit = AbortSignal.timeout(DEFAULT_DEADLINE_MS);
  const ctx: Ctx = {
    principal,
    actor: actorOf(principal),
    tenantIds: tenantsOf(principal, tenantHeader),
    requestId,
    traceparent: req.header.get("traceparent") ?? undefined,
    signal: req.stream ? req.signal : AbortSignal.any([req.signal, limit]),
    log: deps.log.child({ requestId }),
    remoteIp: req.header.get(HEADER.remoteIp) ?? undefined,
    userAgent: req.header.get(HEADER.userAgent) ?? undefined,
    idempotencyKey: req.header.get(HEADER.idempotencyKey) ?? undefined,
    bearer,
  };
  return rule.tenantScoped ? narrow(ctx, tenantHeader) : ctx;
}

function tenantsOf(principal: Principal, header: string | undefined): readonly TenantId[] {
  if (principal.kind === "tenant") return [principal.tenantId];
  if (principal.kind === "platform" && principal.role === "reviewer") return principal.tenantIds;
  const named = header && principal.kind !== "public" ? tryFromRef(header) : undefined;
  return named ? [asTenantId(named)] : [];
}

function bearerOf(header: string | null): string | undefined {
  if (!header) return undefined;
  const [scheme, token] = header.split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token) {
    throw errors.unauthenticated(
      "token_invalid",
      'Send the access token as "Authorization: Bearer <token>".',
    );
  }
  return token;
}

function requestIdOf(req: Call): string {
  const given = req.header.get(HEADER.requestId);
  return given && REQUEST_ID.test(given) ? given : newRequestId();
}

/** The answer, or the signal's reason when that comes first: a handler that doesn't listen can't keep its caller. */
async function within<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let give: () => void = () => {};
  const over = new Promise<never>((_, reject) => {
    give = () => reject(signal.reason);
    signal.addEventListener("abort", give, { once: true });
  });
  try {
    return await Promise.race([answer, over]);
  } finally {
    signal.removeEventListener("abort", give);
  }
}

/** A stream is over when its last message is, or when nobody reads on; not when its first message is. */
function watched(
  response: StreamResponse,
  finish: (thrown: unknown) => ConnectError | undefined,
): StreamResponse {
  async function* messages() {
    let failed = false;
    try {
      yield* response.message;
    } catch (error) {
      failed = true;
      throw finish(error);
    } finally {
      if (!failed) finish(undefined);
    }
  }
  return { ...response, message: messages() };
}

function endSpan(span: Span, error: ConnectError | undefined): void {
  if (error) {
    span.setAttribute(ATTR.rpcCode, Code[error.code].toLowerCase());
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.rawMessage });
  }
  span.end();
}
