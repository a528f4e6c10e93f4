import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import pg from "pg";
import { BackendUnavailable, type Choice, diskSentence, reasonOf } from "./choice.ts";
import { freePort, portTaken } from "./ports.ts";
import {
  type Account,
  POSTGRES_VERSION,
  type PostgresBinaries,
  postgresBinaries,
  serverAccount,
} from "./postgres-binaries.ts";
import { processExists, type ServerProcess, startServer, waitUntil } from "./server-process.ts";

const START_MS = 30_000;
const STOP_MS = 20_000;
const TEMPORARY = "lm-postgres-";
/** Inside the data directory: where its superuser's password and the process that made it are written. */
const PASSWORD_FILE = "leadmetrics.password";
const OWNER_FILE = "leadmetrics.owner";

export interface PostgresOptions {
  /** Kept between starts. Left out: a temporary directory, removed by `stop`. */
  readonly dataDir?: string;
  /** Left out: a free one. */
  readonly port?: number;
  /** false gives up safety for speed: a power failure may lose everything. For tests. Default true. */
  readonly durable?: boolean;
  /** Server settings on top of ours, e.g. `{ log_statement: "all" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told each step, one line at a time. */
  readonly log?: (line: string) => void;
}

export interface RunningPostgres {
  /** Superuser's URL of the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly choice: Choice;
  /** Resolves when the server ends, wanted or not. */
  readonly ended: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  /** Ends connections, writes a checkpoint, removes a temporary directory. */
  stop(): Promise<void>;
}

/**
 * Starts the Postgres that comes with npm. As root the server runs under the OS user `postgres`.
 *
 * @throws {BackendUnavailable} with one sentence that says what to do
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const binaries = await postgresBinaries();
  if (!options.dataDir) await sweepAbandoned();
  const dataDir = resolve(options.dataDir ?? (await mkdtemp(join(tmpdir(), TEMPORARY))));
  const log = options.log ?? (() => {});
  try {
    await mkdir(dirname(dataDir), { recursive: true });
    const account = await serverAccount(dataDir, binaries);
    const password = await prepare(dataDir, binaries, account, options.durable ?? true, log);
    await stopOrphan(dataDir, log);
    if (options.port && (await portTaken(options.port))) {
      throw new BackendUnavailable(
        `Port ${options.port}, wanted for Postgres, is taken: stop what uses it or choose other ports (--port-base).`,
      );
    }
    const port = options.port ?? (await freePort());
    await writeFile(join(dataDir, OWNER_FILE), String(process.pid));
    const server = await launch(dataDir, binaries, account, port, options);
    const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    await ready(server, adminUrl);
    server.detach();
    return {
      adminUrl,
      port,
      pid: server.pid,
      dataDir,
      choice: {
        backend: `embedded Postgres ${POSTGRES_VERSION}`,
        why: `it comes with the packages and ${account.why}`,
      },
      ended: server.ended,
      kill: server.kill,
      async stop() {
        // SIGINT is Postgres' "fast" stop: it doesn't wait for clients.
        await server.stop("SIGINT", STOP_MS);
        if (!options.dataDir) await remove(dataDir);
      },
    };
  } catch (error) {
    if (error instanceof BackendUnavailable) throw error;
    const sentence = diskSentence(reasonOf(error), dataDir);
    throw sentence ? new BackendUnavailable(sentence) : error;
  }
}

/** Makes the cluster when there is none, and returns the superuser's password. */
async function prepare(
  dataDir: string,
  binaries: PostgresBinaries,
  account: Account,
  durable: boolean,
  log: (line: string) => void,
) {
  const version = await readFile(join(dataDir, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version?.trim() === String(POSTGRES_VERSION))
    return (await readFile(join(dataDir, PASSWORD_FILE), "utf8")).trim();
  if (version !== undefined) {
    throw new BackendUnavailable(
      `${dataDir} holds a Postgres ${version.trim()} database and this build brings Postgres ${POSTGRES_VERSION}: ` +
        "start with --fresh to begin anew, or move that folder away.",
    );
  }
  const started = Date.now();
  // A first start that was cut off leaves a half-made cluster, which initdb refuses.
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const password = randomBytes(18).toString("base64url");
  const passwordFile = `${dataDir}.password`;
  const logFile = `${dataDir}.initdb.log`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await own(account, dataDir, passwordFile);
  const args = [
    `--pgdata=${dataDir}`,
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // The same order and case rules on every machine, whatever locales it has.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    ...(durable ? [] : ["--no-sync"]),
  ];
  const initdb = await run(binaries.initdb, args, account, logFile);
  const { code } = await initdb.ended;
  await rm(passwordFile, { force: true });
  if (code !== 0) {
    const output = initdb.logTail();
    await rm(dataDir, { recursive: true, force: true });
    throw new BackendUnavailable(
      diskSentence(output, dataDir) ??
        `Postgres could not make its data directory ${dataDir}: ${reasonOf(output.split("\n").at(-1))}.`,
    );
  }
  await rm(logFile, { force: true });
  const kept = join(dataDir, PASSWORD_FILE);
  await writeFile(kept, `${password}\n`, { mode: 0o600 });
  await own(account, kept);
  log(`made a new Postgres cluster in ${Date.now() - started} ms`);
  return password;
}

async function own(account: Account, ...paths: string[]) {
  if (!account.owner) return;
  for (const path of paths) await chown(path, account.owner.uid, account.owner.gid);
}

function run(
  command: string,
  args: readonly string[],
  account: Account,
  logFile: string,
): Promise<ServerProcess> {
  const [first = command, ...rest] = [...account.prefix, command, ...args];
  return startServer({
    command: first,
    args: rest,
    logFile,
    ...(account.prefix.length === 0 ? account.owner : {}),
    cwd: "/",
    env: { ...process.env, LC_ALL: "C", LC_MESSAGES: "C", TZ: "UTC" },
  });
}

function launch(
  dataDir: string,
  binaries: PostgresBinaries,
  account: Account,
  port: number,
  options: PostgresOptions,
) {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "64MB",
    // Parallel I/O processes cost memory and gain nothing on a laptop's working set.
    io_method: "sync",
    max_wal_size: "512MB",
    jit: "off",
    log_min_messages: "warning",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(options.durable === false
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }
      : {}),
    ...options.settings,
  };
  const args = [
    "-D",
    dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  return run(binaries.postgres, args, account, `${dataDir}.log`);
}

async function ready(server: ServerProcess, adminUrl: string) {
  let last: unknown;
  const up = await waitUntil(async () => {
    if (!server.running) return true;
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      // Anybody may otherwise look around in the databases every server has.
      await client.query("revoke connect on database postgres, template1 from public");
      await client.end();
      return true;
    } catch (error) {
      last = error;
      return false;
    }
  }, START_MS);
  if (up && server.running) return;
  const output = server.logTail();
  await server.stop("SIGINT", STOP_MS);
  const sentence = diskSentence(output, "the data directory");
  throw new BackendUnavailable(
    sentence ?? `Postgres did not start: ${output.split("\n").slice(-3).join(" ") || reasonOf(last)}`,
  );
}

/** The pid of the server that holds a data directory, if it still runs. */
async function postmaster(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !processExists(pid)) return undefined;
  // Process numbers are used again: only a process that was started on this directory is meant.
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  return command === undefined || command.includes(dataDir) ? pid : undefined;
}

/** A runner that was killed leaves its server behind; the new one takes the directory over. */
async function stopOrphan(dataDir: string, log: (line: string) => void) {
  const pid = await postmaster(dataDir);
  if (!pid) return;
  log(`stopping the Postgres (pid ${pid}) that an earlier run left behind`);
  process.kill(pid, "SIGINT");
  if (await waitUntil(() => !processExists(pid), STOP_MS)) return;
  throw new BackendUnavailable(
    `A Postgres of an earlier run (pid ${pid}) holds ${dataDir} and does not stop: end it and start again.`,
  );
}

/** Ends and removes temporary servers whose test run was killed. */
async function sweepAbandoned() {
  const names = (await readdir(tmpdir()).catch(() => [])).filter(
    (name) => name.startsWith(TEMPORARY) && !name.includes("."),
  );
  for (const name of names) {
    const dataDir = join(tmpdir(), basename(name));
    try {
      const owner = Number(await readFile(join(dataDir, OWNER_FILE), "utf8"));
      if (processExists(owner)) continue;
      await stopOrphan(dataDir, () => {});
      await remove(dataDir);
    } catch {
      // Still being made, or somebody else's: not ours to remove.
    }
  }
}

async function remove(dataDir: string) {
  await rm(dataDir, { recursive: true, force: true });
  await rm(`${dataDir}.log`, { force: true });
}
