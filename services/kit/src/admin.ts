import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { METRICS } from "./telemetry/metric-catalogue.ts";
import { gauge, metrics } from "./telemetry/metrics.ts";
import { sample, takeSamples } from "./telemetry/samples.ts";
import { VERSION } from "./version.ts";

/** A named thing that must hold before traffic comes; throws or answers false when it doesn't. */
export type ReadyCheck = () => unknown;

/** Milliseconds a check may take: less than a scrape waits for it. */
const CHECK_MS = 1_500;

const readiness = gauge(METRICS.ready);

/** The port for the platform itself: `/livez` (no dependencies), `/readyz` (named checks), `/metrics`. */
export async function startAdmin(options: {
  port: number;
  host: string;
  checks: Record<string, ReadyCheck>;
}): Promise<{ port: number; close(): Promise<void> }> {
  const outcomes = () =>
    Promise.all(Object.entries(options.checks).map(([name, check]) => outcome(name, check)));
  const stopSampling = sample({
    name: "readiness",
    holdsMs: 0,
    gauges: [readiness],
    async take() {
      for (const { name, ok } of await outcomes()) readiness.set({ check: name }, ok ? 1 : 0);
    },
  });
  const server = createServer(async (request, response) => {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
    if (request.url === "/livez") return send(200, "application/json", '{"status":"ok"}');
    if (request.url === "/metrics") {
      await takeSamples();
      return send(200, metrics.contentType, await metrics.metrics());
    }
    if (request.url !== "/readyz") return send(404, "application/json", '{"status":"unknown path"}');
    const results = await outcomes();
    const ready = results.every((result) => result.ok);
    return send(
      ready ? 200 : 503,
      "application/json",
      JSON.stringify({ status: ready ? "ready" : "not ready", version: VERSION, checks: results }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        stopSampling();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function outcome(name: string, check: ReadyCheck): Promise<{ name: string; ok: boolean }> {
  try {
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, CHECK_MS, false).unref());
    return { name, ok: (await Promise.race([check(), late])) !== false };
  } catch {
    return { name, ok: false };
  }
}
