import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { BackendUnavailable, type Choice, reasonOf } from "./choice.ts";
import { type DebianProgram, fromDebian } from "./debian.ts";
import { natsFromRelease } from "./nats-release.ts";

const run = promisify(execFile);

/** Older ones lose streams when the process crashes (fixed in 2.10.23). */
export const OLDEST_NATS = "2.10.23";

/** Debian stable's is new enough; the machine itself may run an older Debian. */
const NATS: DebianProgram = { package: "nats-server", program: "usr/sbin/nats-server", suite: "trixie" };

export interface NatsServer {
  readonly program: string;
  readonly version: string;
  readonly choice: Choice;
}

/**
 * The nats-server to use: `NATS_SERVER` when set, the one on PATH when it is new enough, Debian stable's package, the
 * official release; in this order.
 *
 * @param localDir where fetched ones are kept
 * @throws {BackendUnavailable} with one sentence that says what was tried and what to do
 */
export async function findNats(localDir: string, env: NodeJS.ProcessEnv = process.env): Promise<NatsServer> {
  if (env.NATS_SERVER) return named(env.NATS_SERVER);
  const tried: string[] = [];
  const onPath = await programOnPath("nats-server", env.PATH ?? "");
  if (onPath) {
    const version = await versionOf(onPath).catch(() => "no version");
    if (atLeast(version, OLDEST_NATS)) return found(onPath, version, "it is on the PATH and new enough");
    tried.push(`${onPath} is ${version}`);
  } else tried.push("none is on the PATH");
  const tools = join(localDir, "tools");
  try {
    const program = await fromDebian(tools, NATS);
    return found(
      program,
      await versionOf(program),
      `${tried[0]}, so Debian stable's package was unpacked under .local`,
    );
  } catch (error) {
    tried.push(`Debian's package: ${reasonOf(error)}`);
  }
  try {
    const program = await natsFromRelease(tools);
    return found(
      program,
      await versionOf(program),
      `${tried.join("; ")}; so the official release was fetched and checked`,
    );
  } catch (error) {
    tried.push(`the official release: ${reasonOf(error)}`);
  }
  throw new BackendUnavailable(
    `No nats-server from ${OLDEST_NATS} on could be found or fetched (${tried.join("; ")}): install one and put it on the PATH, ` +
      "name it in NATS_SERVER, or set NATS_URL to a running one.",
  );
}

async function named(program: string): Promise<NatsServer> {
  const version = await versionOf(program).catch((error) => {
    throw new BackendUnavailable(
      `NATS_SERVER names ${program}, which does not run: ${reasonOf(error)}. Correct it or unset it.`,
    );
  });
  if (!atLeast(version, OLDEST_NATS)) {
    throw new BackendUnavailable(
      `NATS_SERVER names ${program}, which is ${version}: ${OLDEST_NATS} or newer is needed.`,
    );
  }
  return found(program, version, "NATS_SERVER names it");
}

function found(program: string, version: string, why: string): NatsServer {
  return { program, version, choice: { backend: `nats-server ${version}`, why } };
}

async function programOnPath(name: string, path: string): Promise<string | undefined> {
  for (const dir of path.split(delimiter).filter(Boolean)) {
    const program = join(dir, name);
    const runs = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return program;
  }
  return undefined;
}

async function versionOf(program: string): Promise<string> {
  const { stdout } = await run(program, ["--version"], { timeout: 10_000 });
  const version = /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (!version) throw new Error(`${program} does not say its version`);
  return version;
}

/** Compares `major.minor.patch`; anything else is never enough. */
export function atLeast(version: string, oldest: string): boolean {
  const [have, need] = [version, oldest].map((text) => text.split(".").map(Number));
  if (!have || !need || have.length !== 3 || have.some(Number.isNaN)) return false;
  for (const [index, part] of need.entries()) {
    const mine = have[index] ?? 0;
    if (mine !== part) return mine > part;
  }
  return true;
}
