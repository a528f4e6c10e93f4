import { context, isSpanContextValid, type SpanContext, SpanStatusCode, trace } from "@opentelemetry/api";

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The running span as a W3C traceparent; undefined outside of a span. */
export function currentTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (!span || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
}

/** A span context to continue (or link to) from what an event's header says. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? "") ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  const span: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}

/**
 * Does a part of long work inside the trace in which the work began, hours ago perhaps: a span there, with a link to the
 * call that does it now. Without a stored trace the span belongs to the running one.
 *
 * @param traceparent as {@link currentTraceparent} gave it when the work began
 */
export async function continueTrace<T>(
  name: string,
  traceparent: string | null | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const parent = parseTraceparent(traceparent ?? undefined);
  const here = trace.getSpanContext(context.active());
  const base = parent ? trace.setSpanContext(context.active(), parent) : context.active();
  const elsewhere = here && parent && here.traceId !== parent.traceId;
  const span = trace.getTracer("kit").startSpan(name, { links: elsewhere ? [{ context: here }] : [] }, base);
  try {
    return await context.with(trace.setSpan(base, span), work);
  } catch (error) {
    span.setStatus({
      code: SpanStatusCode.ERROR,
      message: error instanceof Error ? error.message : String(error),
    });
    throw error;
  } finally {
    span.end();
  }
}
