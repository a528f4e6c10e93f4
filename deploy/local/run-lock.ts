import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { BackendUnavailable, processExists, waitUntil } from "@leadmetrics/kit/backends";
import { z } from "zod";

const contents = z.object({
  pid: z.number(),
  base: z.number(),
  children: z.array(z.number()),
  /** Processes of the map that were started. */
  names: z.array(z.string()).default([]),
});

/** One platform at a time in a data directory. Also remembers the children, so that a killed runner's are found. */
export interface RunLock {
  children(pids: readonly number[]): void;
  release(): void;
}

const ORPHAN_MS = 10_000;

/**
 * Takes the data directory for this process. What a killed runner left running is stopped first.
 *
 * @throws {BackendUnavailable} when another platform runs there
 */
export async function takeRunLock(
  stateDir: string,
  base: number,
  log: (line: string) => void,
  names: readonly string[] = [],
): Promise<RunLock> {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, "running.json");
  const earlier = read(path);
  if (earlier && earlier.pid !== process.pid && processExists(earlier.pid) && isOurs(earlier.pid)) {
    throw new BackendUnavailable(
      `The platform already runs here (pid ${earlier.pid}, ports from ${earlier.base}): stop it with Ctrl-C, ` +
        "or start this one with another --data-dir and --port-base.",
    );
  }
  if (earlier) await stopLeftovers(earlier.children, log);
  const write = (children: readonly number[]) =>
    writeFileSync(path, JSON.stringify({ pid: process.pid, base, children, names }));
  write([]);
  const endGuard = guard(stateDir);
  return {
    children: write,
    release() {
      endGuard();
      rmSync(path, { force: true });
    },
  };
}

/** Waits without cost for the runner's end, which closes its input, and only then becomes a program. */
const WAITING = 'cat > /dev/null; exec "$@"';

/** Has somebody outlive this process, who stops what it leaves behind: a killed test run can't do that itself. */
function guard(stateDir: string): () => void {
  const program = [process.execPath, join(import.meta.dirname, "guard.ts"), stateDir, String(process.pid)];
  const child = spawn("sh", ["-c", WAITING, "guard", ...program], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell nobody waits; the next start finds what was left behind.
  child.once("error", () => {});
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return () => {
    child.kill("SIGKILL");
    if (child.pid) signalGroup(child.pid, "SIGKILL");
  };
}

/** Stops what a runner has left behind, when it is gone and hasn't done so. */
export async function stopLeftoversOf(stateDir: string, runner: number): Promise<void> {
  const path = join(stateDir, "running.json");
  const running = read(path);
  if (running?.pid !== runner) return;
  await stopLeftovers(running.children, () => {});
  if (read(path)?.pid === runner) rmSync(path, { force: true });
}

/** What runs in a data directory, as its runner has written it down; undefined when nothing does. */
export function readRunning(stateDir: string): { base: number; names: readonly string[] } | undefined {
  const running = read(join(stateDir, "running.json"));
  return running && processExists(running.pid) ? { base: running.base, names: running.names } : undefined;
}

async function stopLeftovers(pids: readonly number[], log: (line: string) => void): Promise<void> {
  const left = pids.filter((pid) => processExists(pid) && isOurs(pid));
  if (left.length === 0) return;
  log(`an earlier run was killed: stopping the ${left.length} processes it left behind`);
  for (const pid of left) signalGroup(pid, "SIGTERM");
  await waitUntil(() => !left.some(processExists), ORPHAN_MS);
  for (const pid of left.filter(processExists)) signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone in between.
  }
}

/** Process numbers are used again by strangers; ours run these. Where that can't be read (not Linux), it is assumed. */
function isOurs(pid: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return /node|next|postgres|nats-server|prometheus/.test(command);
  } catch {
    return process.platform !== "linux";
  }
}

function read(path: string): z.infer<typeof contents> | undefined {
  try {
    return contents.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // No file, or one a full disk cut off: there is nothing to take from it.
    return undefined;
  }
}
