/** Loaded before a process's own code (`node --import @leadmetrics/kit/telemetry/preload`): tracing from the first line. */
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { stopTracing } from "./lifecycle.ts";
import { samplerFrom } from "./sampling.ts";
import { FileSpanExporter, startTracing } from "./tracing.ts";

const exporters: SpanExporter[] = [];
if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-proto");
  exporters.push(new OTLPTraceExporter());
}
if (process.env.TRACE_FILE) exporters.push(new FileSpanExporter(process.env.TRACE_FILE));
startTracing(process.env.LM_SERVICE ?? "leadmetrics", exporters, { sampler: samplerFrom(process.env) });
process.once("beforeExit", () => void stopTracing());
