import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, localDir, portTaken } from "@leadmetrics/kit/backends";
import { BACKEND_PORTS, DEFAULT_BASE, processNamed, SYSTEM } from "./system.ts";

/** Top of the repository. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Where one running platform keeps its things and which ports it has. */
export interface Place {
  readonly base: number;
  /** Databases, streams, files, mail. `--fresh` empties it. */
  readonly dataDir: string;
  readonly logDir: string;
  readonly stateDir: string;
  /** Shared by all platforms of this checkout: fetched tools, build stamps. */
  readonly localDir: string;
  readonly port: (offset: number) => number;
  /** Where a process is reached: its RPC port, or its HTTP port. */
  readonly url: (process: string) => string;
  /** A folder below the data directory, made when it isn't there. */
  readonly dir: (name: string) => string;
}

export function makePlace(options: { base?: number; dataDir?: string } = {}): Place {
  const base = options.base ?? DEFAULT_BASE;
  const local = localDir();
  const home = options.dataDir ? resolve(options.dataDir) : local;
  const dataDir = options.dataDir ? join(home, "data") : join(local, "data");
  const port = (offset: number) => base + offset;
  return {
    base,
    dataDir,
    logDir: join(home, "logs"),
    stateDir: join(home, "state"),
    localDir: local,
    port,
    url(name) {
      const { ports } = processNamed(name);
      return `http://127.0.0.1:${port(ports.rpc ?? ports.http ?? 0)}`;
    },
    dir(name) {
      const path = join(dataDir, name);
      mkdirSync(path, { recursive: true });
      return path;
    },
  };
}

/** Every port a platform uses, with what for. */
export function portsOf(base: number, names: readonly string[]): { port: number; use: string }[] {
  const backends = Object.entries(BACKEND_PORTS).map(([use, offset]) => ({ port: base + offset, use }));
  const processes = SYSTEM.filter((spec) => names.includes(spec.name)).flatMap((spec) =>
    Object.entries(spec.ports).map(([kind, offset]) => ({
      port: base + offset,
      use: `${spec.name} (${kind})`,
    })),
  );
  return [...backends, ...processes];
}

const TRIES = 50;

/** A base at which every port of the whole system is free: for tests, several of which may run at once. */
export async function freeBase(): Promise<number> {
  const names = SYSTEM.map((spec) => spec.name);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    // Below the range the system hands out by itself, so nothing takes a port between this look and our start.
    const base = 12_000 + ((await freePort()) % 180) * 100;
    const taken = await Promise.all(portsOf(base, names).map(({ port }) => portTaken(port)));
    if (!taken.includes(true)) return base;
  }
  throw new Error("no block of free ports was found: stop other platforms that run on this machine");
}
