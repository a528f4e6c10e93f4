import { parseArgs } from "node:util";
import { BackendUnavailable } from "@leadmetrics/kit/backends";
import { Console } from "./console.ts";
import { observed } from "./observe.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { type Seeded, seed } from "./seed.ts";
import { DEFAULT_BASE } from "./system.ts";

const HELP = `npm start -- [options]
  --fresh            begin with empty databases
  --only a,b         only these processes (see deploy/local/system.ts), for work on one of them
  --no-portals       everything but the portals
  --no-seed          without the demo tenant
  --port-base N      other ports: services from N (default ${DEFAULT_BASE}), portals and gateway from N - 1100
  --data-dir D       another place for databases, files and logs than .local
  --trace            write every span to the logs folder
  --observe          as --trace, and a Prometheus that watches all processes with the alarms loaded`;

const options = {
  fresh: { type: "boolean" },
  only: { type: "string" },
  "no-portals": { type: "boolean" },
  "no-seed": { type: "boolean" },
  "port-base": { type: "string" },
  "data-dir": { type: "string" },
  trace: { type: "boolean" },
  observe: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** `npm start` and `npm run dev`: the whole platform on this machine, until Ctrl-C. */
export async function runPlatform(args: readonly string[], mode: { watch: boolean }): Promise<void> {
  const out = new Console();
  const flags = readFlags(args);
  if (flags.help) return void console.log(HELP);
  const base = flags["port-base"] === undefined ? undefined : portBase(flags["port-base"]);
  const started = Date.now();
  let platform: Platform | undefined;
  const signal = stopSignal(out, () => platform);
  try {
    platform = await startPlatform({
      base,
      dataDir: flags["data-dir"],
      fresh: flags.fresh,
      only: flags.only
        ?.split(",")
        .map((name) => name.trim())
        .filter(Boolean),
      portals: !flags["no-portals"],
      watch: mode.watch,
      traces: flags.trace || flags.observe,
      reporter: out,
      signal,
    });
    if (flags.observe) platform = await observed(platform, out.say);
    const seeded = flags["no-seed"] || flags.only ? undefined : await seedDemo(platform, out);
    out.ready(platform, seeded, Date.now() - started);
  } catch (error) {
    await platform?.stop();
    if (signal.aborted) process.exit(0);
    fail(error);
  }
}

async function seedDemo(platform: Platform, out: Console): Promise<Seeded> {
  const done = out.step("the demo tenant");
  const seeded = await seed(platform, out.say);
  done();
  return seeded;
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}

function portBase(text: string): number {
  const base = Number(text);
  if (Number.isInteger(base) && base >= 2_200 && base <= 65_000) return base;
  console.error(`✗ --port-base is a number from 2200 to 65000, not "${text}".`);
  process.exit(2);
}

/** Milliseconds in which a second Ctrl-C is the terminal's and npm's doubling of the first. */
const DOUBLED_MS = 800;
const ORPHAN_POLL_MS = 2_000;

/** Ctrl-C, SIGTERM and a killed parent stop everything in order; a second Ctrl-C at once. */
function stopSignal(out: Console, platform: () => Platform | undefined): AbortSignal {
  const abort = new AbortController();
  let asked = 0;
  const stop = async (why: string) => {
    if (asked > 0) {
      if (why === "SIGINT" && Date.now() - asked > DOUBLED_MS) {
        platform()?.killAll();
        process.exit(130);
      }
      return;
    }
    asked = Date.now();
    out.say("stopping; once more Ctrl-C stops at once");
    abort.abort();
    const running = platform();
    // A platform that is still starting stops itself when the signal is aborted.
    if (!running) return;
    await running.stop();
    out.say("stopped");
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(signal));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop("the parent ended"), ORPHAN_POLL_MS).unref();
  return abort.signal;
}

function fail(error: unknown): never {
  console.error(`\n✗ ${error instanceof Error ? error.message : error}`);
  // A sentence about a backend is the whole story; anything else may be ours to mend.
  if (error instanceof Error && !(error instanceof BackendUnavailable)) console.error(error.stack);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) await runPlatform(process.argv.slice(2), { watch: false });
