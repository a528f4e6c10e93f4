import { join } from "node:path";
import { commandFor } from "./commands.ts";
import type { Addresses } from "./demo/main-job.ts";
import { freeBase, makePlace } from "./place.ts";
import { type Platform, startAll } from "./platform.ts";
import { Supervised } from "./supervisor.ts";
import { BACKEND_PORTS, SYSTEM } from "./system.ts";

/** A second one of every process of a platform but its portals. */
export interface Replica {
  readonly names: readonly string[];
  /** The second gateway, which calls the second services. */
  readonly addresses: Addresses;
  restarts(name: string): number;
  /** Like an accident: the process is started again. */
  kill(name: string): void;
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 90_000;

/** Offsets of what there is one of: backends and portals. */
const SHARED_PORTS = new Set<number>([
  ...Object.values(BACKEND_PORTS),
  ...SYSTEM.filter((spec) => spec.kind === "portal").flatMap((spec) => Object.values(spec.ports)),
]);

/**
 * Starts another replica of each process on the databases, streams, files and secrets of a running platform, as a cluster
 * does, with ports of its own.
 */
export async function startReplica(platform: Platform): Promise<Replica> {
  const { surroundings } = platform;
  const at = makePlace({
    base: await freeBase(),
    dataDir: join(platform.place.stateDir, "..", "replica"),
  });
  const place = {
    ...at,
    dataDir: platform.place.dataDir,
    dir: platform.place.dir,
    port: (offset: number) => (SHARED_PORTS.has(offset) ? platform.place.port(offset) : at.port(offset)),
  };
  const specs = SYSTEM.filter((spec) => spec.kind !== "portal" && platform.names.includes(spec.name));
  const children = new Map(
    specs.map((spec) => [
      spec.name,
      new Supervised(commandFor(spec, { ...surroundings, place }), place.logDir, {
        notice: () => {},
        pidsChanged: () => {},
      }),
    ]),
  );
  const stop = async () => {
    await Promise.all([...children.values()].map((child) => child.stop()));
  };
  try {
    await startAll(specs, children);
  } catch (error) {
    await stop();
    throw error;
  }
  const child = (name: string): Supervised => {
    const found = children.get(name);
    if (!found) throw new Error(`"${name}" has no second replica`);
    return found;
  };
  return {
    names: [...children.keys()],
    addresses: { ...platform.addresses, gateway: place.url("gateway") },
    restarts: (name) => child(name).restarts,
    kill: (name) => child(name).kill("SIGKILL"),
    async ready() {
      for (const [name, each] of children)
        if (!(await each.waitReady(READY_MS)))
          throw new Error(`the second ${name} is not ready:\n${each.recentLines().join("\n")}`);
    },
    stop,
  };
}
