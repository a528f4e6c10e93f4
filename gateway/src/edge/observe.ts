import { ATTR, parseTraceparent } from "@leadmetrics/kit";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { FastifyInstance } from "fastify";
import { httpServed } from "../metrics.ts";

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
    const span = trace.getTracer("gateway").startSpan(
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
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? "unknown",
      status: String(reply.statusCode),
    };
    httpServed.observe(labels, (performance.now() - request.startedAt) / 1_000);
    request.span?.setAttribute(ATTR.httpStatus, reply.statusCode);
    if (reply.statusCode >= 500) request.span?.setStatus({ code: SpanStatusCode.ERROR });
    request.span?.end();
  });
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
