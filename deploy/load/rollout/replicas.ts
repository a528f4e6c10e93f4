import { commandFor } from "@leadmetrics/local/commands";
import type { Platform } from "@leadmetrics/local/platform";
import { Supervised } from "@leadmetrics/local/supervisor";
import { processNamed } from "@leadmetrics/local/system";
import type { Endpoint } from "./balancer.ts";

/** Where the new processes' ports are, counted from the old ones'. */
const SHIFT = 20_000;
const READY_MS = 90_000;

/** The second processes of a platform: as the first ones, with ports and a name of their own. */
export class Replicas {
  readonly #platform: Platform;
  readonly #running: Supervised[] = [];

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Starts one, and resolves when it is ready. */
  async start(name: string): Promise<Endpoint> {
    const { place, surroundings } = this.#platform;
    const spec = processNamed(name);
    const ports = Object.fromEntries(Object.entries(spec.ports).map(([use, at]) => [use, at + SHIFT]));
    const next = new Supervised(
      commandFor({ ...spec, name: `${name}-next`, ports }, surroundings),
      place.logDir,
      {
        notice: () => {},
        pidsChanged: () => {},
      },
    );
    this.#running.push(next);
    next.start();
    if (!(await next.waitReady(READY_MS)))
      throw new Error(`the new ${name} is not ready:\n${next.recentLines().join("\n")}`);
    return {
      name: `${name}-next`,
      port: place.port(ports.rpc ?? ports.http ?? 0),
      adminPort: place.port(ports.admin ?? 0),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map((each) => each.stop()));
  }
}
