import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BackendUnavailable, type Choice, diskSentence, reasonOf } from "./choice.ts";
import { findNats } from "./find-nats.ts";
import { localDir } from "./local-dir.ts";
import { portTaken } from "./ports.ts";
import { processExists, type ServerProcess, startServer, waitUntil } from "./server-process.ts";

const START_MS = 30_000;
const STOP_MS = 15_000;
const TEMPORARY = "lm-nats-";
const PID_FILE = "server.pid";

export interface NatsOptions {
  /** Kept between starts. Left out: a temporary directory, removed by `stop`. */
  readonly storeDir?: string;
  /** Left out: a free one. */
  readonly port?: number;
  /** HTTP monitoring; left out: none. */
  readonly monitorPort?: number;
  /**
   * How long acknowledged messages may be on their way to the disk, a duration like `1s`. "always": each is there before it
   * is acknowledged, as a single server needs to keep all it said through a power failure. Left out: the server's own two
   * minutes, for tests.
   */
  readonly sync?: string;
  /** Who may connect and for what; left out: anybody for anything. */
  readonly users?: readonly NatsUser[];
  /** Where a fetched server is kept; `.local` of the checkout when left out. */
  readonly localDir?: string;
  readonly log?: (line: string) => void;
}

/** Somebody the broker knows. */
export interface NatsUser {
  readonly name: string;
  readonly password: string;
  /** Subjects, with wildcards; left out: all of them. */
  readonly allow?: { readonly publish: readonly string[]; readonly subscribe: readonly string[] };
}

export interface RunningNats {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly storeDir: string;
  readonly choice: Choice;
  /** Resolves when the server ends, wanted or not. */
  readonly ended: Promise<unknown>;
  /** For tests of outages: SIGKILL, or SIGSTOP and SIGCONT. */
  kill(signal: NodeJS.Signals): void;
  /** Stops it, and removes a temporary store. */
  stop(): Promise<void>;
}

/**
 * Starts a NATS server with JetStream on the loopback.
 *
 * @throws {BackendUnavailable} with one sentence that says what to do
 */
export async function startNats(options: NatsOptions = {}): Promise<RunningNats> {
  const found = await findNats(options.localDir ?? localDir());
  for (const port of [options.port, options.monitorPort]) {
    if (port && (await portTaken(port)) && !(await stoppedOrphan(options.storeDir, options.log))) {
      throw new BackendUnavailable(
        `Port ${port}, wanted for NATS, is taken: stop what uses it or choose other ports (--port-base).`,
      );
    }
  }
  if (!options.storeDir) await sweepAbandoned();
  const storeDir = resolve(options.storeDir ?? (await mkdtemp(join(tmpdir(), TEMPORARY))));
  try {
    await stoppedOrphan(storeDir, options.log);
    await mkdir(storeDir, { recursive: true });
    await removePortsFiles(storeDir);
    const config = join(storeDir, "nats.conf");
    await writeFile(config, configuration(storeDir, options), { mode: 0o600 });
    await writeFile(join(storeDir, "owner"), String(process.pid));
    const server = await startServer({
      command: found.program,
      args: ["--config", config],
      logFile: join(storeDir, "nats.log"),
      env: { ...process.env, GOMEMLIMIT: "256MiB" },
    });
    const port = await listeningPort(server, storeDir);
    await writeFile(join(storeDir, PID_FILE), String(server.pid));
    server.detach();
    return {
      url: `nats://127.0.0.1:${port}`,
      port,
      pid: server.pid,
      storeDir,
      choice: found.choice,
      ended: server.ended,
      kill: server.kill,
      async stop() {
        // A stopped (SIGSTOP) server would sleep through the request to end.
        server.kill("SIGCONT");
        await server.stop("SIGTERM", STOP_MS);
        if (!options.storeDir) await rm(storeDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    if (error instanceof BackendUnavailable) throw error;
    const sentence = diskSentence(reasonOf(error), storeDir);
    throw sentence ? new BackendUnavailable(sentence) : error;
  }
}

function configuration(storeDir: string, options: NatsOptions): string {
  const quoted = (text: string) => JSON.stringify(text);
  return `
listen: "127.0.0.1:${options.port ?? -1}"
server_name: local
ports_file_dir: ${quoted(storeDir)}
max_payload: 1MB
${options.monitorPort ? `http: "127.0.0.1:${options.monitorPort}"` : ""}
jetstream {
  store_dir: ${quoted(storeDir)}
  # Streams reserve their limits here whether or not they fill them, so this is more than any laptop's disk needs.
  max_file_store: 64GB
  max_memory_store: 256MB
  ${options.sync ? `sync_interval: ${options.sync}` : ""}
}
${options.users ? authorization(options.users) : ""}
`;
}

/** The file holds passwords: see the mode it is written with. */
function authorization(users: readonly NatsUser[]): string {
  const lines = users.map(({ name, password, allow }) => {
    const permissions = allow
      ? `, permissions: { publish: { allow: ${JSON.stringify(allow.publish)} }, subscribe: { allow: ${JSON.stringify(allow.subscribe)} } }`
      : "";
    return `    { user: ${JSON.stringify(name)}, password: ${JSON.stringify(password)}${permissions} }`;
  });
  return `authorization {\n  users: [\n${lines.join("\n")}\n  ]\n}`;
}

/** The server writes which port it took once it listens; the file is there before clients may connect. */
async function listeningPort(server: ServerProcess, storeDir: string): Promise<number> {
  let port: number | undefined;
  await waitUntil(async () => {
    if (!server.running) return true;
    port ??= await portFromFile(storeDir, server.pid);
    return port !== undefined && (await greets(port));
  }, START_MS);
  if (port !== undefined && server.running) return port;
  const output = server.logTail();
  await server.stop("SIGTERM", STOP_MS);
  const line =
    output.split("\n").findLast((each) => /\[FTL\]|\[ERR\]|nats-server:/.test(each)) ??
    output.split("\n").at(-1);
  throw new BackendUnavailable(diskSentence(output, storeDir) ?? `NATS did not start: ${reasonOf(line)}.`);
}

async function portFromFile(storeDir: string, pid: number): Promise<number | undefined> {
  const names = await readdir(storeDir);
  const name = names.find((each) => each.endsWith(`_${pid}.ports`));
  if (!name) return undefined;
  try {
    const ports: unknown = JSON.parse(await readFile(join(storeDir, name), "utf8"));
    if (typeof ports !== "object" || ports === null || !("nats" in ports) || !Array.isArray(ports.nats))
      return undefined;
    return Number(new URL(String(ports.nats[0])).port);
  } catch {
    // Half written: the next look finds it whole.
    return undefined;
  }
}

async function removePortsFiles(storeDir: string) {
  for (const name of await readdir(storeDir)) if (name.endsWith(".ports")) await rm(join(storeDir, name));
}

function greets(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (yes: boolean) => {
      socket.destroy();
      done(yes);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once("error", () => answer(false));
    socket.once("data", (data) => answer(data.toString("latin1").startsWith("INFO ")));
  });
}

/** Stops the server of a runner that was killed; true when there was one. */
async function stoppedOrphan(
  storeDir: string | undefined,
  log: (line: string) => void = () => {},
): Promise<boolean> {
  if (!storeDir) return false;
  const pid = Number(await readFile(join(storeDir, PID_FILE), "utf8").catch(() => ""));
  if (!pid || !processExists(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  if (command !== undefined && !command.includes(resolve(storeDir))) return false;
  log(`stopping the NATS server (pid ${pid}) that an earlier run left behind`);
  process.kill(pid, "SIGCONT");
  process.kill(pid, "SIGTERM");
  if (await waitUntil(() => !processExists(pid), STOP_MS)) return true;
  throw new BackendUnavailable(
    `A NATS server of an earlier run (pid ${pid}) holds ${storeDir} and does not stop: end it and start again.`,
  );
}

/** Ends and removes temporary servers whose test run was killed. */
async function sweepAbandoned() {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    if (!name.startsWith(TEMPORARY)) continue;
    const storeDir = join(tmpdir(), name);
    try {
      if (processExists(Number(await readFile(join(storeDir, "owner"), "utf8")))) continue;
      await stoppedOrphan(storeDir);
      await rm(storeDir, { recursive: true, force: true });
    } catch {
      // Still being made, or somebody else's: not ours to remove.
    }
  }
}
