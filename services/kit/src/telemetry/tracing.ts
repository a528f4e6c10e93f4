import { appendFileSync } from "node:fs";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import * as sdk from "@opentelemetry/sdk-trace";
import { ATTR } from "./attributes.ts";
import { onStopTracing } from "./lifecycle.ts";
import type { Span } from "./trace-files.ts";

const millis = ([seconds, nanos]: [number, number]) => seconds * 1_000 + nanos / 1_000_000;

/** The readable form of a finished span. */
export function spanLine(span: sdk.ReadableSpan): Span {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentId: span.parentSpanContext?.spanId,
    service: String(span.resource.attributes[ATTR.service] ?? ""),
    name: span.name,
    start: millis(span.startTime),
    durationMs: millis(span.duration),
    error: span.status.code === 2 ? (span.status.message ?? "error") : undefined,
    attributes: span.attributes,
  };
}

/** Appends spans as JSON lines: the local runner's trace store, read by `lm trace` and the tests. */
export class FileSpanExporter implements sdk.SpanExporter {
  readonly #path: string;
  constructor(path: string) {
    this.#path = path;
  }
  export(spans: sdk.ReadableSpan[], done: (result: { code: number }) => void): void {
    try {
      appendFileSync(this.#path, spans.map((span) => `${JSON.stringify(spanLine(span))}\n`).join(""));
      done({ code: 0 });
    } catch {
      done({ code: 1 });
    }
  }
  async shutdown(): Promise<void> {}
}

/** Starts tracing in this process. Spans are made by the kit itself; nothing is patched. */
export function startTracing(
  service: string,
  exporters: sdk.SpanExporter[],
  options: { immediate?: boolean; sampler?: sdk.Sampler; processors?: readonly sdk.SpanProcessor[] } = {},
): sdk.TracerProvider {
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ [ATTR.service]: service }),
    ...(options.sampler ? { sampler: options.sampler } : {}),
    spanProcessors: [
      ...exporters.map((exporter) =>
        options.immediate
          ? new sdk.SimpleSpanProcessor({ exporter })
          : new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 }),
      ),
      ...(options.processors ?? []),
    ],
  });
  onStopTracing(() => provider.shutdown());
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return provider;
}
