import { startAdmin } from "@leadmetrics/kit/admin";
import { ATTR } from "@leadmetrics/kit/telemetry/attributes";
import { stopTracing } from "@leadmetrics/kit/telemetry/lifecycle";
import { METRICS } from "@leadmetrics/kit/telemetry/metric-catalogue";
import { collectProcessMetrics, histogram } from "@leadmetrics/kit/telemetry/metrics";
import { recordingAll } from "@leadmetrics/kit/telemetry/sampling";
import { startTracingFrom } from "@leadmetrics/kit/telemetry/start";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Portal } from "./portal.ts";

const NANOS_PER_SECOND = 1e9;

/**
 * Measures and traces a portal's server as every other process is. Tells about it on `ADMIN_PORT` (`/livez`, `/readyz`,
 * `/metrics`); without one nobody asks, and nothing listens.
 */
export async function observe(portal: Portal): Promise<void> {
  const { ADMIN_PORT, HOST = "127.0.0.1" } = process.env;
  collectProcessMetrics(portal);
  await startTracingFrom(process.env, portal, { processors: [pageMeasures()], recording: recordingAll });
  process.once("SIGTERM", () => void stopTracing());
  const calls = histogram(METRICS.portalCalled);
  globalThis.lmPortalCalled = (call, status, seconds) => calls.observe({ call, status }, seconds);
  if (ADMIN_PORT) await startAdmin({ port: Number(ADMIN_PORT), host: HOST, checks: {} });
}

/** Next's own spans know the pattern of a page, which no request does. */
function pageMeasures(): SpanProcessor {
  const served = histogram(METRICS.pageServed);
  const rendered = histogram(METRICS.pageRendered);
  return {
    onStart() {},
    onEnd({ attributes, duration: [seconds, nanos] }) {
      const took = seconds + nanos / NANOS_PER_SECOND;
      const route = String(attributes[ATTR.nextRoute] ?? "none");
      const step = attributes[ATTR.nextStep];
      if (step === "BaseServer.handleRequest") {
        const method = String(attributes[ATTR.nextMethod] ?? "GET");
        served.observe({ method, route, status: String(attributes[ATTR.nextStatus] ?? "none") }, took);
      } else if (step === "AppRender.getBodyResult") rendered.observe({ route }, took);
    },
    async forceFlush() {},
    async shutdown() {},
  };
}
