import type { Sampler, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { samplerFrom } from "./sampling.ts";
import { FileSpanExporter, startTracing } from "./tracing.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Traces a process as its environment says: to `OTEL_EXPORTER_OTLP_ENDPOINT`, to the file `TRACE_FILE`, or to nobody.
 *
 * @param more what else looks at spans, and which of them are recorded for it
 * @throws Error that says which variable is wrong
 */
export async function startTracingFrom(
  env: Env,
  service: string,
  more: {
    readonly processors?: readonly SpanProcessor[];
    readonly recording?: (kept: Sampler) => Sampler;
  } = {},
): Promise<void> {
  const exporters: SpanExporter[] = [];
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT) {
    const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-proto");
    exporters.push(new OTLPTraceExporter());
  }
  if (env.TRACE_FILE) exporters.push(new FileSpanExporter(env.TRACE_FILE));
  const kept = samplerFrom(env);
  startTracing(service, exporters, {
    sampler: more.recording?.(kept) ?? kept,
    processors: more.processors,
  });
}
