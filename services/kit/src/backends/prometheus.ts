import { constants } from "node:fs";
import { access, mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { BackendUnavailable, reasonOf } from "./choice.ts";
import { type DebianProgram, fromDebian } from "./debian.ts";
import { localDir } from "./local-dir.ts";
import { type ServerProcess, startServer, waitUntil } from "./server-process.ts";

const PACKAGE: DebianProgram = { package: "prometheus", program: "usr/bin/prometheus" };
const START_MS = 30_000;
const STOP_MS = 10_000;

/** Where Prometheus and the tool that checks its rules are. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * Prometheus from the PATH, or Debian's package unpacked below `dir`, which is fetched when it isn't there yet.
 *
 * @param options.fetch false: only what is here already
 * @throws {BackendUnavailable} with a sentence that says how to get it
 */
export async function findPrometheus(
  options: { dir?: string; fetch?: boolean; path?: string } = {},
): Promise<PrometheusPrograms> {
  for (const folder of (options.path ?? process.env.PATH ?? "").split(delimiter)) {
    const programs = inFolder(folder);
    if (await canRun(programs)) return programs;
  }
  const tools = join(options.dir ?? localDir(), "tools");
  const unpacked = inFolder(dirname(join(tools, `debian-${PACKAGE.package}`, PACKAGE.program)));
  if (await canRun(unpacked)) return unpacked;
  let why = "none is on the PATH";
  if (options.fetch) {
    try {
      return inFolder(dirname(await fromDebian(tools, PACKAGE)));
    } catch (error) {
      why += `; Debian's package: ${reasonOf(error)}`;
    }
  }
  throw new BackendUnavailable(
    `There is no Prometheus (${why}): on Debian "apt-get install prometheus" brings it, elsewhere put prometheus and promtool on the PATH.`,
  );
}

const inFolder = (folder: string): PrometheusPrograms => ({
  prometheus: join(folder, "prometheus"),
  promtool: join(folder, "promtool"),
});

async function canRun({ prometheus, promtool }: PrometheusPrograms): Promise<boolean> {
  try {
    await Promise.all([prometheus, promtool].map((file) => access(file, constants.X_OK)));
    return true;
  } catch {
    return false;
  }
}

export interface PrometheusOptions {
  /** Where samples are kept. */
  readonly dir: string;
  readonly port: number;
  /** What is scraped: a job's name and its `host:port`. */
  readonly targets: Readonly<Record<string, string>>;
  /** Rule files, with wildcards. */
  readonly rules: string;
  /** Seconds between two scrapes, and between two looks at the rules. */
  readonly everySeconds: number;
}

export interface RunningPrometheus {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a Prometheus on the loopback. @throws {BackendUnavailable} when it doesn't get ready, with its last line */
export async function startPrometheus(
  programs: PrometheusPrograms,
  options: PrometheusOptions,
): Promise<RunningPrometheus> {
  await mkdir(options.dir, { recursive: true });
  const config = join(options.dir, "prometheus.json");
  // JSON is YAML.
  await writeFile(config, JSON.stringify(configuration(options), null, 2));
  const url = `http://127.0.0.1:${options.port}`;
  const server = await startServer({
    command: programs.prometheus,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(options.dir, "data")}`,
      `--web.listen-address=127.0.0.1:${options.port}`,
      "--log.level=warn",
    ],
    logFile: join(options.dir, "prometheus.log"),
    env: { ...process.env, GOMEMLIMIT: "256MiB" },
  });
  const ready = await waitUntil(async () => !server.running || (await answers(`${url}/-/ready`)), START_MS);
  if (ready && server.running) return running(server, url);
  const last = server.logTail().trim().split("\n").at(-1);
  await server.stop("SIGTERM", STOP_MS);
  throw new BackendUnavailable(`Prometheus did not start: ${reasonOf(last)}.`);
}

function running(server: ServerProcess, url: string): RunningPrometheus {
  server.detach();
  return {
    url,
    pid: server.pid,
    async stop() {
      await server.stop("SIGTERM", STOP_MS);
    },
  };
}

function configuration({ targets, rules, everySeconds }: PrometheusOptions) {
  const every = `${everySeconds}s`;
  return {
    global: { scrape_interval: every, evaluation_interval: every, scrape_timeout: every },
    rule_files: [rules],
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
