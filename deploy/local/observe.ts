import { join } from "node:path";
import { BackendUnavailable, findPrometheus, startPrometheus } from "@leadmetrics/kit/backends";
import { type Place, ROOT } from "./place.ts";
import type { Platform } from "./platform.ts";
import { BACKEND_PORTS, SYSTEM } from "./system.ts";

/** Seconds between two scrapes: a person watches, and two cores do everything. */
const EVERY_S = 5;

/** Every process's `host:port` with `/metrics`, by name. */
export function metricsTargets(place: Place, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    SYSTEM.filter(({ name, ports }) => names.includes(name) && ports.admin !== undefined).map(
      ({ name, ports }) => [name, `127.0.0.1:${place.port(ports.admin ?? 0)}`],
    ),
  );
}

/** The alarms, as the chart has them. */
export const RULES = join(ROOT, "charts/leadmetrics/files/rules/*.yaml");

/** Has a Prometheus watch the platform, when there is one on this machine; says where it is, or how to get it. */
export async function observed(platform: Platform, say: (text: string) => void): Promise<Platform> {
  const { place } = platform;
  try {
    const prometheus = await startPrometheus(await findPrometheus(), {
      dir: place.dir("prometheus"),
      port: place.port(BACKEND_PORTS.prometheus),
      targets: metricsTargets(place, platform.names),
      rules: RULES,
      everySeconds: EVERY_S,
    });
    say(`Prometheus: ${prometheus.url}/graph, its alarms: ${prometheus.url}/alerts`);
    return {
      ...platform,
      async stop() {
        await Promise.all([prometheus.stop(), platform.stop()]);
      },
      killAll() {
        process.kill(prometheus.pid, "SIGKILL");
        platform.killAll();
      },
    };
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    say(`not watched by Prometheus: ${error.message}`);
    return platform;
  }
}
