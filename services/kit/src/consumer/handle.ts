import type { JsMsg } from "@nats-io/jetstream";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { sql } from "kysely";
import { consumerSeconds } from "../data-metrics.ts";
import type { TenantTx } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import { currentTraceparent, parseTraceparent } from "../events/trace.ts";
import { failpoint } from "../failpoint.ts";
import type { ConsumerDefinition, Event, Subscription, TxHandler } from "./define.ts";
import { deliveryCtx, type Envelope, readEvent } from "./delivery.ts";
import type { Lease } from "./lease.ts";
import { type Outcome, ok, reject, retry } from "./outcome.ts";
import type { ConsumerDeps } from "./runtime.ts";

const tracer = trace.getTracer("@leadmetrics/kit/consumer");

/** Runs the handler of one delivery inside a span that continues the event's trace. Never throws. */
export async function handleDelivery<DB>(
  definition: ConsumerDefinition<DB>,
  deps: ConsumerDeps<DB>,
  message: JsMsg,
  envelope: Envelope,
  lease: Lease,
): Promise<Outcome> {
  const subscription = definition.on.find(({ schema }) => schema.typeName === envelope.type);
  if (!subscription) return reject(`${definition.durable} has no handler for ${envelope.type}`);

  const { durable } = definition;
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
        "messaging.system": "nats",
        "messaging.operation.type": "process",
        "messaging.destination.name": message.info.stream,
        "messaging.destination.template": destination(message.subject),
        "messaging.consumer.group.name": durable,
        "messaging.message.id": envelope.id,
        "messaging.nats.delivery_count": message.info.deliveryCount,
        "leadmetrics.tenant": envelope.tenantRef,
      },
    },
    base,
  );
  const stopTimer = consumerSeconds.startTimer({ service: deps.service, durable });
  try {
    return await context.with(trace.setSpan(base, span), async () => {
      const outcome = await runSubscription(subscription, durable, deps, message, envelope, lease);
      span.setAttribute("leadmetrics.outcome", outcome.kind);
      if (outcome.kind !== "ok") span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.why });
      return outcome;
    });
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    deps.log.warn({ err: error, eventId: envelope.id }, "a handler threw");
    return retry(error instanceof AppError ? error.retryAfterMs : undefined, String(error));
  } finally {
    stopTimer();
    span.end();
  }
}

async function runSubscription<DB>(
  { schema, run }: Subscription<DB>,
  durable: string,
  deps: ConsumerDeps<DB>,
  message: JsMsg,
  envelope: Envelope,
  lease: Lease,
): Promise<Outcome> {
  let event: Event<unknown>;
  try {
    event = readEvent(schema, message, envelope);
  } catch (error) {
    return reject(`the payload is no ${schema.typeName}: ${String(error)}`);
  }
  const ctx = deliveryCtx(durable, envelope, lease.signal, currentTraceparent());
  if (run.kind === "external") {
    return run.handle(event, { ctx, db: deps.db, signal: lease.signal, progress: () => lease.progress() });
  }
  return inTransaction(deps, durable, ctx, event, run.handle);
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
  { db }: ConsumerDeps<DB>,
  durable: string,
  ctx: Parameters<typeof db.withTenant>[0],
  event: Event<unknown>,
  handle: TxHandler<DB, unknown>,
): Promise<Outcome> {
  const work = async (tx: TenantTx<DB>): Promise<Outcome> => {
    const first = await sql`
      insert into kit.inbox (consumer, event_id) values (${durable}, ${event.id}) on conflict do nothing`.execute(
      tx,
    );
    if (first.numAffectedRows === 0n) return ok();
    const outcome = await handle(event, { tx, ctx });
    if (outcome.kind !== "ok") throw new NotDone(outcome);
    return outcome;
  };
  try {
    const outcome =
      event.tenantId === undefined
        ? // An event of the platform has no tenant: the same code sees no tenant's rows.
          await db.global((tx) => work(tx as TenantTx<DB>))
        : await db.withTenant(ctx, work);
    failpoint("consumer.committed");
    return outcome;
  } catch (error) {
    if (error instanceof NotDone) return error.outcome;
    throw error;
  }
}

/** The subject without its last token, the tenant: few enough to be a span's name. */
function destination(subject: string): string {
  return subject.slice(0, subject.lastIndexOf("."));
}
