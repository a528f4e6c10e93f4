import { join, resolve } from "node:path";
import { commandFor } from "./commands.ts";
import type { Addresses } from "./demo/main-job.ts";
import { freeBase, makePlace, type Place, ROOT } from "./place.ts";
import { type Platform, startAll } from "./platform.ts";
import type { Supervised } from "./supervisor.ts";
import { BACKEND_PORTS, processNamed, SYSTEM } from "./system.ts";

export interface ReplicaOptions {
  /** On top of what the platform's own processes get. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another checkout, of which the processes are started. */
  readonly root?: string;
}

/** Where one of its processes is reached. */
export interface Endpoint {
  readonly name: string;
  readonly port: number;
  readonly adminPort: number;
}

const READY_MS = 90_000;

/** Offsets of what there is one of: backends and portals. */
const SHARED_PORTS = new Set<number>([
  ...Object.values(BACKEND_PORTS),
  ...SYSTEM.filter((spec) => spec.kind === "portal").flatMap((spec) => Object.values(spec.ports)),
]);

/**
 * Further processes of a running platform, as a cluster has them: on its databases, streams, files and secrets, with ports of
 * their own. They end with the platform.
 */
export class Replica {
  readonly #platform: Platform;
  readonly #place: Place;
  readonly #options: ReplicaOptions;
  readonly #children = new Map<string, Supervised>();

  private constructor(platform: Platform, place: Place, options: ReplicaOptions) {
    this.#platform = platform;
    this.#place = place;
    this.#options = options;
  }

  /** None of its processes runs yet. */
  static async of(platform: Platform, options: ReplicaOptions = {}): Promise<Replica> {
    const { place } = platform;
    const at = makePlace({ base: await freeBase(), dataDir: join(place.stateDir, "..", "replica") });
    const own = {
      ...at,
      dataDir: place.dataDir,
      dir: place.dir,
      port: (offset: number) => (SHARED_PORTS.has(offset) ? place.port(offset) : at.port(offset)),
    };
    return new Replica(platform, own, options);
  }

  /** Starts processes of the map, and resolves when all are ready. */
  async start(...names: readonly string[]): Promise<void> {
    const { root = ROOT, env } = this.#options;
    const around = this.#platform.surroundings;
    const specs = names.map(processNamed);
    for (const spec of specs) {
      const command = commandFor(
        { ...spec, dir: resolve(root, spec.dir) },
        { ...around, place: this.#place, env: { ...around.env, ...env } },
      );
      this.#children.set(spec.name, this.#platform.beside(command, this.#place.logDir));
    }
    await startAll(specs, this.#children);
  }

  get names(): readonly string[] {
    return [...this.#children.keys()];
  }

  /** Its gateway, and what there is one of. */
  get addresses(): Addresses {
    return { ...this.#platform.addresses, gateway: this.#place.url("gateway") };
  }

  endpoint(name: string): Endpoint {
    const { ports } = processNamed(name);
    return {
      name: `${name} of the replica`,
      port: this.#place.port(ports.rpc ?? ports.http ?? 0),
      adminPort: this.#place.port(ports.admin ?? 0),
    };
  }

  restarts(name: string): number {
    return this.#child(name).restarts;
  }

  /** Like an accident: the process is started again. */
  kill(name: string): void {
    this.#child(name).kill("SIGKILL");
  }

  async ready(): Promise<void> {
    for (const [name, each] of this.#children)
      if (!(await each.waitReady(READY_MS)))
        throw new Error(`the second ${name} is not ready:\n${each.recentLines().join("\n")}`);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
  }

  #child(name: string): Supervised {
    const found = this.#children.get(name);
    if (!found) throw new Error(`"${name}" has no second replica`);
    return found;
  }
}

/** A second one of every process of a platform but its portals. */
export async function startReplica(platform: Platform): Promise<Replica> {
  const replica = await Replica.of(platform);
  try {
    await replica.start(...platform.names.filter((name) => processNamed(name).kind !== "portal"));
    return replica;
  } catch (error) {
    await replica.stop();
    throw error;
  }
}
