import type { JsMsg } from "@nats-io/jetstream";
import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { sql } from "kysely";
import { allDone } from "../all-done.ts";
import { consumerSeconds } from "../data-metrics.ts";
import type { TenantTx } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import { currentTraceparent, parseTraceparent } from "../events/trace.ts";
import { failpoint } from "../failpoint.ts";
import { ATTR } from "../telemetry/attributes.ts";
import type { ConsumerDefinition, Event, Subscription, TxHandler } from "./define.ts";
import { deliveryCtx, type Envelope, readEvent } from "./delivery.ts";
import type { Lease } from "./lease.ts";
import { type Outcome, ok, reject, retry } from "./outcome.ts";
import type { ConsumerDeps } from "./runtime.ts";

const tracer = trace.getTracer("@leadmetrics/kit/consumer");

/** One message on its way through its handler. */
export interface Delivery {
  readonly message: JsMsg;
  readonly envelope: Envelope;
  readonly lease: Lease;
}

/** Runs the handler of one delivery inside a span that continues the event's trace. Never throws. */
export async function handleDelivery<DB>(
  definition: ConsumerDefinition<DB>,
  deps: ConsumerDeps<DB>,
  delivery: Delivery,
): Promise<Outcome> {
  const read = readDelivery(definition, delivery);
  if ("kind" in read) return read;
  const { durable } = definition;
  const { event, run } = read;
  const scope = openSpan(definition, delivery);
  const stopTimer = consumerSeconds.startTimer({ service: deps.service, durable });
  try {
    return await context.with(scope.context, async () => {
      const ctx = ctxOf(durable, delivery);
      const { lease } = delivery;
      const outcome =
        run.kind === "external"
          ? await run.handle(event, {
              ctx,
              db: deps.db,
              signal: lease.signal,
              progress: () => lease.progress(),
            })
          : await inTransaction(deps, durable, ctx, event, run.handle);
      settleSpan(scope.span, outcome);
      return outcome;
    });
  } catch (error) {
    scope.span.recordException(error instanceof Error ? error : String(error));
    scope.span.setStatus({ code: SpanStatusCode.ERROR });
    deps.log.warn({ err: error, eventId: delivery.envelope.id }, "a handler threw");
    return retry(error instanceof AppError ? error.retryAfterMs : undefined, String(error));
  } finally {
    stopTimer();
    scope.span.end();
  }
}

/**
 * Handles deliveries in one transaction, each seeing its own tenant alone, a tenant's in their order and the tenants at the same
 * time: what they cost apart from their own statements is paid once, and what they ask first goes out in one write. Undefined when one of them can't be done: then nothing has happened, and each is
 * to be handled by itself.
 */
export async function handleTogether<DB>(
  definition: ConsumerDefinition<DB>,
  deps: ConsumerDeps<DB>,
  deliveries: readonly Delivery[],
): Promise<Outcome | undefined> {
  const { durable } = definition;
  const read: { delivery: Delivery; event: Event<unknown>; handle: TxHandler<DB, unknown> }[] = [];
  for (const delivery of deliveries) {
    const one = readDelivery(definition, delivery);
    if ("kind" in one || one.run.kind === "external") return undefined;
    read.push({ delivery, event: one.event, handle: one.run.handle });
  }
  const stopTimer = consumerSeconds.startTimer({ service: deps.service, durable });
  const all = read.map((one) => ({ ...one, scope: openSpan(definition, one.delivery) }));
  const unseen = async (tx: TenantTx<DB>): Promise<void> => {
    const noted = await sql`
      insert into kit.inbox (consumer, event_id)
      select ${durable}, unnest(${all.map(({ event }) => event.id)}::uuid[])
      on conflict do nothing`.execute(tx);
    // One of them was handled before: they sort themselves out one by one.
    if (noted.numAffectedRows !== BigInt(all.length)) throw new NotDone(ok());
  };
  const tenants = [...Map.groupBy(all, ({ event }) => event.tenantId)];
  let waiting = tenants.length;
  const parts = tenants.map(([tenantId, own], index) => ({
    tenantId,
    async work(tx: TenantTx<DB>) {
      const handled = async () => {
        for (const { delivery, event, handle, scope } of own) {
          const outcome = await context.with(scope.context, () =>
            handle(event, { tx, ctx: ctxOf(durable, delivery) }),
          );
          settleSpan(scope.span, outcome);
          if (outcome.kind !== "ok") throw new NotDone(outcome);
        }
      };
      await allDone([index === 0 ? unseen(tx) : undefined, handled()]);
      waiting -= 1;
      if (waiting === 0) failpoint("consumer.handled");
    },
  }));
  try {
    await deps.db.together(parts);
    return ok();
  } catch (error) {
    if (!(error instanceof NotDone))
      deps.log.warn({ err: error, durable }, "a batch failed and is handled one by one");
    return undefined;
  } finally {
    stopTimer();
    for (const { scope } of all) scope.span.end();
  }
}

interface ReadDelivery<DB> {
  readonly event: Event<unknown>;
  readonly run: Subscription<DB>["run"];
}

/** The event and what is done about it; an outcome when it can't be read. */
function readDelivery<DB>(
  definition: ConsumerDefinition<DB>,
  { message, envelope }: Delivery,
): ReadDelivery<DB> | Outcome {
  const subscription = definition.on.find(({ schema }) => schema.typeName === envelope.type);
  if (!subscription) return reject(`${definition.durable} has no handler for ${envelope.type}`);
  try {
    return { event: readEvent(subscription.schema, message, envelope), run: subscription.run };
  } catch (error) {
    return reject(`the payload is no ${subscription.schema.typeName}: ${String(error)}`);
  }
}

const ctxOf = (durable: string, { envelope, lease }: Delivery) =>
  deliveryCtx(durable, envelope, lease.signal, currentTraceparent());

function openSpan<DB>(definition: ConsumerDefinition<DB>, { message, envelope }: Delivery) {
  const parent = parseTraceparent(envelope.traceparent);
  // A short projection is part of the trace that caused it; a job of minutes is a trace of its own with a link.
  const long = definition.profile === "llm";
  const base = parent && !long ? trace.setSpanContext(context.active(), parent) : context.active();
  const span = tracer.startSpan(
    `process ${destination(message.subject)}`,
    {
      kind: SpanKind.CONSUMER,
      root: long,
      links: parent && long ? [{ context: parent }] : [],
      attributes: {
        [ATTR.messagingSystem]: "nats",
        [ATTR.messagingOperation]: "process",
        [ATTR.messagingStream]: message.info.stream,
        [ATTR.messagingSubject]: destination(message.subject),
        [ATTR.messagingDurable]: definition.durable,
        [ATTR.messagingEvent]: envelope.id,
        [ATTR.messagingDeliveries]: message.info.deliveryCount,
        [ATTR.tenant]: envelope.tenantRef,
      },
    },
    base,
  );
  return { span, context: trace.setSpan(base, span) };
}

function settleSpan(span: Span, outcome: Outcome): void {
  span.setAttribute(ATTR.outcome, outcome.kind);
  if (outcome.kind !== "ok") span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.why });
}

/** Carries an outcome that isn't ok out of the transaction, so that it rolls back. */
class NotDone extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super("rolled back");
    this.outcome = outcome;
  }
}

async function inTransaction<DB>(
  deps: ConsumerDeps<DB>,
  durable: string,
  ctx: ReturnType<typeof ctxOf>,
  event: Event<unknown>,
  handle: TxHandler<DB, unknown>,
): Promise<Outcome> {
  try {
    const outcome = await inScope(deps, ctx, event, async (tx) => {
      const noting = sql`
        insert into kit.inbox (consumer, event_id) values (${durable}, ${event.id}) on conflict do nothing`.execute(
        tx,
      );
      // In one write with what the handler asks first; of an event that was handled before nothing is kept.
      const [noted, handled] = await Promise.allSettled([noting, handle(event, { tx, ctx })]);
      if (noted.status === "rejected") throw noted.reason;
      if (noted.value.numAffectedRows === 0n) throw new NotDone(ok());
      if (handled.status === "rejected") throw handled.reason;
      if (handled.value.kind !== "ok") throw new NotDone(handled.value);
      failpoint("consumer.handled");
      return handled.value;
    });
    return outcome;
  } catch (error) {
    if (error instanceof NotDone) return error.outcome;
    throw error;
  }
}

/** A transaction that sees the event's tenant; for an event of the platform, which has none, no tenant's rows. */
function inScope<DB, T>(
  { db }: ConsumerDeps<DB>,
  ctx: ReturnType<typeof ctxOf>,
  event: Event<unknown>,
  work: (tx: TenantTx<DB>) => Promise<T>,
): Promise<T> {
  return event.tenantId === undefined
    ? db.global((tx) => work(tx as TenantTx<DB>))
    : db.withTenant(ctx, work);
}

/** The subject without its last token, the tenant: few enough to be a span's name. */
function destination(subject: string): string {
  return subject.slice(0, subject.lastIndexOf("."));
}
