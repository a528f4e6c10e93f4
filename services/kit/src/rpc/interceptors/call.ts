import type { DescMethod } from "@bufbuild/protobuf";
import {
  Code,
  type ConnectError,
  type Interceptor,
  type StreamRequest,
  type StreamResponse,
  type UnaryRequest,
} from "@connectrpc/connect";
import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  actorOf,
  type Ctx,
  callContextKey,
  narrow,
  newRequestId,
  TENANT_HEADER,
  type TenantCtx,
} from "../../context.ts";
import { errors } from "../../errors.ts";
import { parseTraceparent } from "../../events/trace.ts";
import { failpoint } from "../../failpoint.ts";
import { asTenantId, type TenantId, toRef, tryFromRef } from "../../ids.ts";
import type { Logger } from "../../log.ts";
import type { Principal } from "../../principal.ts";
import { ATTR } from "../../telemetry/attributes.ts";
import { rpcServed } from "../../telemetry/metrics.ts";
import { byMethod } from "../observed.ts";
import type { TokenVerifier } from "../verifier.ts";
import { accessOf, lookingOnly, onlyLooks, refusalOf } from "./authorise.ts";
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
const tracer = trace.getTracer("kit");
const REQUEST_ID = /^[\w-]{8,64}$/;

type Call = UnaryRequest | StreamRequest;

/** What an interceptor is made of. */
export interface CallDeps {
  readonly verifier: TokenVerifier;
  readonly log: Logger;
  /** Writes down that a super admin in a client's place was refused, before they are told. */
  readonly refused?: (ctx: TenantCtx, method: DescMethod) => Promise<void>;
}

/**
 * What happens around every served call, in this order: span, who is calling, may they, the handler, the one error the
 * caller may see, metrics, a log line.
 */
export function callInterceptor(deps: CallDeps): Interceptor {
  return (next) => async (req) => {
    const started = performance.now();
    const rpc = { service: req.service.typeName, method: req.method.name };
    const parent = parseTraceparent(req.header.get("traceparent") ?? undefined);
    const span = tracer.startSpan(
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
    const limit = new Limit(req);
    const { log } = deps;
    const { signal } = limit;
    const finish = (thrown: unknown): ConnectError | undefined => {
      limit.end();
      const seconds = (performance.now() - started) / 1_000;
      const failure = thrown === undefined ? undefined : outward(thrown, signal);
      const code = failure ? Code[failure.error.code] : "ok";
      served(req.method, code).observe(seconds);
      endSpan(span, failure?.error);
      const line = { requestId, rpc: `${rpc.service}/${rpc.method}`, code, ms: Math.round(seconds * 1_000) };
      if (failure?.defect)
        log.error({ ...line, ...tenantIn(req), err: failure.error.cause ?? thrown }, "a call failed");
      else if (log.isLevelEnabled("debug")) log.debug(line, "call");
      return failure?.error;
    };
    return context.with(active, async () => {
      try {
        const ctx = await contextOf(req, requestId, signal, deps);
        if (span.isRecording()) {
          span.setAttributes({ [ATTR.request]: requestId, [ATTR.actorKind]: ctx.actor.kind });
          const [tenantId] = ctx.tenantIds;
          if (tenantId && ctx.tenantIds.length === 1) span.setAttribute(ATTR.tenant, toRef(tenantId));
        }
        req.contextValues.set(callContextKey, ctx);
        const response = await limit.hold(next(req));
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

/** The tenant of a call that is about one, for its log line. */
function tenantIn(req: Call): { tenant?: string } {
  const [id, ...others] = req.contextValues.get(callContextKey)?.tenantIds ?? [];
  return id && others.length === 0 ? { tenant: toRef(id) } : {};
}

const served = byMethod(rpcServed);

async function contextOf(req: Call, requestId: string, signal: AbortSignal, deps: CallDeps): Promise<Ctx> {
  const rule = accessOf(req.method);
  const bearer = bearerOf(req.header.get("authorization"));
  const principal: Principal = bearer ? await deps.verifier.verify(bearer) : { kind: "public" };
  const looks = onlyLooks(req.method, rule, principal);
  const refusal = looks ? undefined : refusalOf(rule, principal);
  if (refusal) throw refusal;
  const tenantHeader = req.header.get(TENANT_HEADER) ?? undefined;
  let log: Logger | undefined;
  const ctx: Ctx = {
    principal,
    actor: actorOf(principal),
    tenantIds: tenantsOf(principal, tenantHeader),
    requestId,
    traceparent: req.header.get("traceparent") ?? undefined,
    signal,
    // Most calls log nothing of their own.
    get log() {
      log ??= deps.log.child({ requestId });
      return log;
    },
    remoteIp: req.header.get(HEADER.remoteIp) ?? undefined,
    userAgent: req.header.get(HEADER.userAgent) ?? undefined,
    idempotencyKey: req.header.get(HEADER.idempotencyKey) ?? undefined,
    bearer,
  };
  if (looks) {
    await deps.refused?.(narrow(ctx, undefined), req.method);
    throw lookingOnly();
  }
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

/**
 * How long a call may take: until its caller has gone, its deadline has passed, or, without one, {@link DEFAULT_DEADLINE_MS}.
 * Streams have no time of their own. One controller and one timer, both let go of with the answer: a timeout signal for
 * each call would stay for its whole time.
 */
class Limit {
  readonly #controller = new AbortController();
  readonly #call: Call;
  readonly #timer: NodeJS.Timeout | undefined;
  #giveUp: ((reason: unknown) => void) | undefined;

  constructor(call: Call) {
    this.#call = call;
    if (call.signal.aborted) this.#controller.abort(call.signal.reason);
    else call.signal.addEventListener("abort", this.#gone);
    if (!call.stream) this.#timer = setTimeout(this.#over, DEFAULT_DEADLINE_MS);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The answer, or the end of the time when that comes first: a handler that doesn't listen can't keep its caller. */
  hold<T>(answer: Promise<T>): Promise<T> {
    if (this.#call.stream) return answer;
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      answer.then(resolve, reject);
      if (this.signal.aborted) reject(this.signal.reason);
    });
  }

  /** The call is answered. */
  end(): void {
    clearTimeout(this.#timer);
    this.#call.signal.removeEventListener("abort", this.#gone);
    this.#giveUp = undefined;
  }

  readonly #gone = () => this.#abort(this.#call.signal.reason);
  readonly #over = () => this.#abort(new DOMException("the call took longer than it may", "TimeoutError"));

  #abort(reason: unknown): void {
    this.#controller.abort(reason);
    this.#giveUp?.(reason);
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
