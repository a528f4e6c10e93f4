import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Everything this process measures; served at /metrics of the admin port. */
export const metrics = new Registry();

let collecting = false;

/** Starts measuring the process itself: memory, event loop, garbage collection. */
export function collectProcessMetrics(service: string): void {
  if (collecting) return;
  collecting = true;
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics });
}

/** Seconds; from a cache hit to the RPC deadline. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Calls served, by method and outcome. Method names come from contracts, so the labels are bounded. */
export const rpcServed = new Histogram({
  name: "lm_rpc_server_duration_seconds",
  help: "Duration of served RPCs",
  labelNames: ["rpc_service", "rpc_method", "code"] as const,
  buckets: SECONDS,
  registers: [metrics],
});

/** Calls made to other services. */
export const rpcCalled = new Histogram({
  name: "lm_rpc_client_duration_seconds",
  help: "Duration of RPCs to other services, retries included",
  labelNames: ["rpc_service", "rpc_method", "code"] as const,
  buckets: SECONDS,
  registers: [metrics],
});

export const rpcRetries = new Counter({
  name: "lm_rpc_client_retries_total",
  help: "RPCs that were tried again",
  labelNames: ["rpc_service", "rpc_method"] as const,
  registers: [metrics],
});

/** HTTP requests served, by route pattern (never by path) and status. */
export const httpServed = new Histogram({
  name: "lm_http_server_duration_seconds",
  help: "Duration of served HTTP requests",
  labelNames: ["method", "route", "status"] as const,
  buckets: SECONDS,
  registers: [metrics],
});

export { Counter, Gauge, Histogram };
