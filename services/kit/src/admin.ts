import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { metrics } from "./telemetry/metrics.ts";

/** A named thing that must hold before traffic comes; throws or answers false when it doesn't. */
export type ReadyCheck = () => unknown;

/** Milliseconds a check may take. */
const CHECK_MS = 2_000;

/** The port for the platform itself: `/livez` (no dependencies), `/readyz` (named checks), `/metrics`. */
export async function startAdmin(options: {
  port: number;
  host: string;
  checks: Record<string, ReadyCheck>;
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
    if (request.url === "/livez") return send(200, "application/json", '{"status":"ok"}');
    if (request.url === "/metrics") return send(200, metrics.contentType, await metrics.metrics());
    if (request.url !== "/readyz") return send(404, "application/json", '{"status":"unknown path"}');
    const results = await Promise.all(
      Object.entries(options.checks).map(([name, check]) => outcome(name, check)),
    );
    const ready = results.every((result) => result.ok);
    return send(
      ready ? 200 : 503,
      "application/json",
      JSON.stringify({ status: ready ? "ready" : "not ready", checks: results }),
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
