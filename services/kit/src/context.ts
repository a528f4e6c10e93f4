import { createContextKey, type HandlerContext } from "@connectrpc/connect";
import { errors } from "./errors.ts";
import { currentTraceparent } from "./events/trace.ts";
import { asTenantId, type Id, newId, type TenantId, toRef, tryFromRef } from "./ids.ts";
import { type Logger, rootLogger } from "./log.ts";
import type { Principal } from "./principal.ts";

/** Who did something, as it is stored and shown: a user's ref, an agent's role, a service's or a loop's name. */
export interface Actor {
  readonly kind: "user" | "agent" | "service" | "system";
  readonly id: string;
}

/** Who asks for something, for whom, and what belongs to this one call. */
export interface Ctx {
  readonly principal: Principal;
  readonly actor: Actor;
  /** The tenants whose rows the call sees. */
  readonly tenantIds: readonly TenantId[];
  readonly requestId: string;
  readonly traceparent?: string;
  /** Aborts when the caller has gone or the deadline has passed. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly remoteIp?: string;
  readonly userAgent?: string;
  readonly idempotencyKey?: string;
  /** The caller's own token, for calls on their behalf. */
  readonly bearer?: string;
}

/** A context of exactly one tenant. */
export interface TenantCtx extends Ctx {
  readonly tenantId: TenantId;
}

/** Names the tenant a call is about, for callers that have several: its ref. */
export const TENANT_HEADER = "lm-tenant";

/** What the interceptors leave for the handler. */
export const callContextKey = createContextKey<Ctx | undefined>(undefined, {
  description: "the call's context",
});

/** The context of a running call. */
export function requestCtx(hc: Pick<HandlerContext, "values">): Ctx {
  const ctx = hc.values.get(callContextKey);
  if (!ctx) throw new Error("this handler isn't served through the kit's interceptors");
  return ctx;
}

/**
 * The context of a running call narrowed to one tenant: a tenant user's own, or the one named in `lm-tenant`.
 *
 * @throws NOT_FOUND when a reviewer names a tenant that isn't theirs, INVALID_ARGUMENT when nobody named one
 */
export function tenantCtx(hc: Pick<HandlerContext, "values" | "requestHeader">): TenantCtx {
  return narrow(requestCtx(hc), hc.requestHeader.get(TENANT_HEADER) ?? undefined);
}

/** {@link tenantCtx} for callers that have the header at hand. */
export function narrow(ctx: Ctx, tenantRef: string | undefined): TenantCtx {
  const { principal } = ctx;
  if (principal.kind === "public") throw errors.unauthenticated();
  const named = tenantRef ? tryFromRef(tenantRef) : undefined;
  if (tenantRef && !named) throw errors.notFound("tenant");
  if (principal.kind === "tenant") {
    if (named && named !== principal.tenantId) throw errors.notFound("tenant");
    return forTenant(ctx, principal.tenantId);
  }
  if (!named)
    throw errors.invalid(`Name the tenant in the header ${TENANT_HEADER}.`, [
      { field: TENANT_HEADER, description: "is missing" },
    ]);
  const tenantId = asTenantId(named);
  if (
    principal.kind === "platform" &&
    principal.role === "reviewer" &&
    !principal.tenantIds.includes(tenantId)
  ) {
    throw errors.notFound("tenant");
  }
  return forTenant(ctx, tenantId);
}

/** The same context for one tenant; the caller has made sure that it may. */
export function forTenant(ctx: Ctx, tenantId: TenantId): TenantCtx {
  let log: Logger | undefined;
  return {
    principal: ctx.principal,
    actor: ctx.actor,
    tenantId,
    tenantIds: [tenantId],
    requestId: ctx.requestId,
    traceparent: ctx.traceparent,
    signal: ctx.signal,
    // Made when somebody writes a line. Spreading the context would make both loggers for every call.
    get log() {
      log ??= ctx.log.child({ tenant: toRef(tenantId) });
      return log;
    },
    remoteIp: ctx.remoteIp,
    userAgent: ctx.userAgent,
    idempotencyKey: ctx.idempotencyKey,
    bearer: ctx.bearer,
  } satisfies Record<keyof TenantCtx, unknown>;
}

/** The same context naming a tenant by its ref; whether the caller may act there is decided by the service that is called. */
export function forTenantRef(ctx: Ctx, tenantRef: string): Ctx {
  const id = tryFromRef(tenantRef);
  if (!id) throw errors.notFound("tenant");
  return { ...ctx, tenantIds: [asTenantId(id)] };
}

interface SystemOptions {
  readonly tenantId?: TenantId;
  readonly actor?: Actor;
  readonly requestId?: string;
  readonly traceparent?: string;
  readonly signal?: AbortSignal;
  readonly log?: Logger;
  /** What its log lines say beside the purpose. */
  readonly said?: Readonly<Record<string, string | undefined>>;
}

/**
 * The context of work nobody asked for: a loop, a schedule, an event's handler.
 *
 * @param purpose what the work is, as it will stand in the audit trail
 */
export function systemCtx(purpose: string, options: SystemOptions & { tenantId: TenantId }): TenantCtx;
export function systemCtx(purpose: string, options?: SystemOptions): Ctx;
export function systemCtx(purpose: string, options: SystemOptions = {}): Ctx | TenantCtx {
  const { tenantId, said } = options;
  let log: Logger | undefined;
  const ctx: Ctx = {
    principal: { kind: "service", service: process.env.LM_SERVICE ?? "system" },
    actor: options.actor ?? { kind: "system", id: purpose },
    tenantIds: tenantId ? [tenantId] : [],
    requestId: options.requestId ?? newRequestId(),
    traceparent: options.traceparent ?? currentTraceparent(),
    signal: options.signal ?? NEVER,
    // Made when somebody writes a line, as a tenant's is.
    get log() {
      log ??= (options.log ?? rootLogger()).child({ purpose, ...said });
      return log;
    },
  };
  return tenantId ? forTenant(ctx, tenantId) : ctx;
}

const NEVER = new AbortController().signal;

/** The actor a principal acts as. */
export function actorOf(principal: Principal): Actor {
  switch (principal.kind) {
    case "tenant":
      // What little there is to record is the doing of the one who really sits there.
      return { kind: "user", id: toRef(principal.impersonator?.userId ?? principal.userId) };
    case "platform":
      return { kind: "user", id: toRef(principal.userId) };
    case "service":
      return { kind: "service", id: principal.service };
    case "public":
      return { kind: "system", id: "public" };
  }
}

/** An id that ties together everything one request caused. */
export function newRequestId(): string {
  return toRef(newId());
}

/** The user behind a context; services and loops have none. */
export function userIdOf(ctx: Ctx): Id | undefined {
  const { principal } = ctx;
  return principal.kind === "tenant" || principal.kind === "platform" ? principal.userId : undefined;
}
