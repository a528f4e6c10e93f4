import { ATTR, parseTraceparent } from "@leadmetrics/kit";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { FastifyInstance } from "fastify";
import { httpServed } from "../metrics.ts";

const tracer = trace.getTracer("gateway");

/** A span, a metric and a request id for every request. */
export function observe(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    request.startedAt = performance.now();
    reply.header("x-request-id", request.id);
    const gone = new AbortController();
    request.gone = gone.signal;
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const parent = parseTraceparent(headerOf(request.headers.traceparent));
    const route = request.routeOptions.url ?? "unknown";
    const span = tracer.startSpan(
      `${request.method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          [ATTR.httpMethod]: request.method,
          [ATTR.httpRoute]: route,
          [ATTR.request]: request.id,
        },
      },
      parent ? trace.setSpanContext(context.active(), parent) : context.active(),
    );
    request.span = span;
    context.with(trace.setSpan(context.active(), span), done);
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    const seconds = (performance.now() - request.startedAt) / 1_000;
    served(request.method, route, String(reply.statusCode)).observe(seconds);
    request.span?.setAttribute(ATTR.httpStatus, reply.statusCode);
    if (reply.statusCode >= 500) request.span?.setStatus({ code: SpanStatusCode.ERROR });
    request.span?.end();
  });
}

type Observed = ReturnType<typeof httpServed.labels>;
const known = new Map<string, Observed>();

/** The histogram's part for a route and its outcome: finding it by its labels costs more than the observation. */
function served(method: string, route: string, status: string): Observed {
  const key = `${method} ${route} ${status}`;
  let observed = known.get(key);
  if (!observed) {
    observed = httpServed.labels({ method, route, status });
    known.set(key, observed);
  }
  return observed;
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
