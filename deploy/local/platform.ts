import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { BackendUnavailable, portTaken } from "@leadmetrics/kit/backends";
import { type Backends, type NatsControl, startBackends } from "./backends.ts";
import { commandFor, type Surroundings } from "./commands.ts";
import { prepareDatabases, prepareStreams } from "./databases.ts";
import type { Addresses } from "./demo/main-job.ts";
import type { LogLine } from "./log-lines.ts";
import { makePlace, type Place, portsOf, ROOT } from "./place.ts";
import { buildPortals } from "./portal-builds.ts";
import { takeRunLock } from "./run-lock.ts";
import { SecretsFile } from "./secrets-file.ts";
import { type Command, Supervised } from "./supervisor.ts";
import { type ProcessSpec, processNamed, SERVICES, SYSTEM } from "./system.ts";

export interface PlatformOptions {
  /** First of the ports; 4100 when left out. */
  readonly base?: number;
  /** `.local` of the checkout when left out. */
  readonly dataDir?: string;
  /** Begin with empty databases. */
  readonly fresh?: boolean;
  /** Only these processes; all when left out. */
  readonly only?: readonly string[];
  readonly portals?: boolean;
  readonly watch?: boolean;
  readonly traces?: boolean;
  /** false gives up safety against power failure for speed. Default true. */
  readonly durable?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly envOf?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly reporter?: Reporter;
  /** Aborted while starting: what has started is stopped again and the start fails. */
  readonly signal?: AbortSignal;
}

/** Told what happens, for people or for a test's log. */
export interface Reporter {
  /** A step begins; the returned function ends it. */
  step(text: string): () => void;
  say(text: string): void;
  notice(name: string, line: LogLine): void;
}

const silent: Reporter = { step: () => () => {}, say: () => {}, notice: () => {} };

export interface Platform {
  readonly place: Place;
  readonly backends: Backends;
  /** What another replica of a process is started with. */
  readonly surroundings: Surroundings;
  readonly names: readonly string[];
  /** Where a person or a test turns to. */
  readonly addresses: Addresses;
  /** Where a process is reached; `http://127.0.0.1:<port>`. */
  url(name: string): string;
  /** The connection URL of a service's database with its owner's or another role. */
  databaseUrl(service: (typeof SERVICES)[number], role?: "owner" | "app" | "system" | "platform"): string;
  pid(name: string): number | undefined;
  /** How often a process was started again after a crash. */
  restarts(name: string): number;
  /** Like an accident: the process is started again. */
  kill(name: string, signal?: NodeJS.Signals): void;
  /** @param envs for this start and those after the next crashes, e.g. `{ FAILPOINT: "content.publish.sent" }` */
  restart(name: string, ...envs: Record<string, string>[]): Promise<void>;
  /** A further process, which isn't started yet. It ends with the platform, at the latest. */
  beside(command: Command, logDir: string): Supervised;
  /** Ends a process in order, for good. */
  retire(name: string): Promise<void>;
  /** Waits until the process answers that it is ready. */
  ready(name: string, timeoutMs?: number): Promise<void>;
  /** What a process has written so far. */
  log(name: string): Promise<string>;
  /** Undefined when NATS is given from outside. */
  readonly nats: NatsControl | undefined;
  stop(): Promise<void>;
  /** Ends every process at once, for a second Ctrl-C. */
  killAll(): void;
}

const READY_MS = 90_000;

/**
 * Starts backends, databases and processes, and resolves when all are ready.
 *
 * @throws {BackendUnavailable} or an Error whose message says which process is not ready, with its last lines
 */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const reporter = options.reporter ?? silent;
  const place = makePlace({ base: options.base, dataDir: options.dataDir });
  const specs = present(chosen(options), reporter);
  const names = specs.map(({ name }) => name);
  const lock = await takeRunLock(place.stateDir, place.base, reporter.say, names);
  let backends: Backends | undefined;
  const children = new Map<string, Supervised>();
  const others: Supervised[] = [];
  const stop = async () => {
    await Promise.all(others.map((child) => child.stop()));
    // Portals and gateway first: nobody may ask for what is already gone.
    for (const group of stopGroups(specs))
      await Promise.all(group.map((spec) => children.get(spec.name)?.stop()));
    await backends?.stop();
    lock.release();
  };
  const { signal } = options;
  signal?.addEventListener("abort", () => {
    for (const child of children.values()) void child.stop();
  });
  try {
    if (options.fresh) await startFresh(place, reporter);
    await refuseTakenPorts(place, specs);
    let done = reporter.step("backends");
    const secrets = new SecretsFile(join(place.stateDir, "secrets.json"));
    backends = await startBackends(place, {
      secrets,
      durable: options.durable ?? true,
      log: reporter.say,
      onLost: (what) =>
        reporter.notice(what, { level: "error", text: "ended by itself: stop with Ctrl-C and start again" }),
    });
    lock.children(backends.pids());
    done();
    signal?.throwIfAborted();
    const around = await prepare(place, options, secrets, backends, reporter);
    if (!options.watch) await buildPortals(specs, reporter.step);
    signal?.throwIfAborted();
    done = reporter.step(`${specs.length} processes`);
    const remember = () =>
      lock.children(
        [...children.values(), ...others].flatMap(({ pid }) => pid ?? []).concat(backends?.pids() ?? []),
      );
    const supervised = (command: Command, logDir: string) =>
      new Supervised(command, logDir, { notice: reporter.notice, pidsChanged: remember });
    for (const spec of specs) children.set(spec.name, supervised(commandFor(spec, around), place.logDir));
    await startAll(specs, children);
    signal?.throwIfAborted();
    done();
    return {
      ...control(place, backends, around, specs, children, stop),
      beside(command, logDir) {
        const child = supervised(command, logDir);
        others.push(child);
        return child;
      },
      killAll() {
        for (const child of [...children.values(), ...others]) child.killNow();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What of the map this checkout has code for; the rest is named, so that nobody waits for it. */
function present(specs: readonly ProcessSpec[], reporter: Reporter): readonly ProcessSpec[] {
  const has = (spec: ProcessSpec) =>
    spec.kind === "portal" || existsSync(join(ROOT, spec.dir, spec.main ?? ""));
  const absent = specs.filter((spec) => !has(spec)).map((spec) => spec.name);
  if (absent.length > 0) reporter.say(`not in this checkout and not started: ${absent.join(", ")}`);
  return specs.filter(has);
}

function chosen(options: PlatformOptions): readonly ProcessSpec[] {
  const only = options.only?.map((name) => processNamed(name).name);
  return SYSTEM.filter((spec) => {
    if (only)
      return only.includes(spec.name) || (spec.kind === "worker" && only.includes(spec.service ?? ""));
    return options.portals !== false || spec.kind !== "portal";
  });
}

async function startFresh(place: Place, reporter: Reporter): Promise<void> {
  const done = reporter.step(`removing ${place.dataDir}`);
  await rm(place.dataDir, { recursive: true, force: true });
  await rm(join(place.stateDir, "secrets.json"), { force: true });
  done();
}

async function refuseTakenPorts(place: Place, specs: readonly ProcessSpec[]): Promise<void> {
  // Backends look for themselves: what an earlier run left behind they take over.
  const wanted = portsOf(
    place.base,
    specs.map((spec) => spec.name),
  ).filter(({ use }) => use.includes("("));
  for (const { port, use } of wanted) {
    if (!(await portTaken(port))) continue;
    throw new BackendUnavailable(
      `Port ${port}, wanted for ${use}, is taken: stop what uses it, or start with --port-base ${place.base + 1_000}.`,
    );
  }
}

async function prepare(
  place: Place,
  options: PlatformOptions,
  secrets: SecretsFile,
  backends: Backends,
  reporter: Reporter,
): Promise<Surroundings> {
  const done = reporter.step("databases, migrations and streams");
  const services = SERVICES.filter((name) => existsSync(join(ROOT, "services", name, "src")));
  const [databases] = await Promise.all([
    prepareDatabases(backends.adminUrl, services, secrets, reporter.say),
    prepareStreams(backends.natsUrl),
  ]);
  done();
  return {
    place,
    secrets,
    backends,
    databases,
    watch: options.watch ?? false,
    traces: options.traces ?? false,
    env: options.env,
    envOf: options.envOf,
  };
}

/** All at once: each waits by itself for what it needs, and two cores are busiest when nobody waits for anybody. */
export async function startAll(
  specs: readonly ProcessSpec[],
  children: ReadonlyMap<string, Supervised>,
): Promise<void> {
  for (const spec of specs) children.get(spec.name)?.start();
  const late: string[] = [];
  await Promise.all(
    specs.map(async ({ name }) => {
      const child = children.get(name);
      if (!(await child?.waitReady(READY_MS)))
        late.push(`${name}:\n    ${child?.recentLines().slice(-8).join("\n    ")}`);
    }),
  );
  if (late.length > 0) throw new Error(`Not ready after ${READY_MS / 1000} s: ${late.join("\n  ")}`);
}

function stopGroups(specs: readonly ProcessSpec[]): ProcessSpec[][] {
  return (["portal", "gateway", "worker", "service"] as const).map((kind) =>
    specs.filter((spec) => spec.kind === kind),
  );
}

function control(
  place: Place,
  backends: Backends,
  around: Surroundings,
  specs: readonly ProcessSpec[],
  children: ReadonlyMap<string, Supervised>,
  stop: () => Promise<void>,
): Omit<Platform, "beside" | "killAll"> {
  const child = (name: string): Supervised => {
    const found = children.get(name);
    if (!found) throw new Error(`"${name}" does not run here. Running: ${[...children.keys()].join(", ")}.`);
    return found;
  };
  const ready = async (name: string, timeoutMs = READY_MS) => {
    if (await child(name).waitReady(timeoutMs)) return;
    throw new Error(`${name} is not ready after ${timeoutMs} ms:\n${child(name).recentLines().join("\n")}`);
  };
  return {
    place,
    backends,
    surroundings: around,
    names: specs.map((spec) => spec.name),
    nats: backends.nats,
    addresses: {
      gateway: place.url("gateway"),
      mail: backends.mailUrl ?? "",
      sandboxSite: backends.sandboxUrl,
    },
    url: place.url,
    databaseUrl(service, role = "owner") {
      const urls = around.databases.get(service);
      if (!urls) throw new Error(`${service} has no database here`);
      return urls[role];
    },
    pid: (name) => child(name).pid,
    restarts: (name) => child(name).restarts,
    kill: (name, signal = "SIGKILL") => child(name).kill(signal),
    async restart(name, ...envs) {
      await child(name).restart(...envs);
      await ready(name);
    },
    retire: (name) => child(name).stop(),
    ready,
    log: (name) => readFile(child(name).logFile, "utf8"),
    stop,
  };
}
