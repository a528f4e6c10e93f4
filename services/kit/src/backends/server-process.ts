import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A server we started and must stop again. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process has ended, with its code or the signal that ended it. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly running: boolean;
  kill(signal: NodeJS.Signals): void;
  /** Sends `signal`, waits, and sends SIGKILL when the process is still there after `graceMs`. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>;
  /** Lets our process end although this one still runs: a script that forgets to stop a server must not hang. */
  detach(): void;
  /** The end of what the process has written, for an error message. */
  logTail(): string;
}

/** Servers of this process that still run: killed when it exits without stopping them. */
const alive = new Set<ChildProcess>();
let exitHook = false;

function killLeftovers() {
  for (const child of alive) child.kill("SIGKILL");
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C in a terminal reaches only us and we stop things in
 * order. Its output goes to `logFile`.
 */
export async function startServer(options: {
  command: string;
  args: readonly string[];
  logFile: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}): Promise<ServerProcess> {
  const output = openSync(options.logFile, "a");
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => {
      alive.delete(child);
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  alive.add(child);
  if (!exitHook) {
    exitHook = true;
    process.once("exit", killLeftovers);
  }
  return {
    pid: child.pid ?? 0,
    ended,
    get running() {
      return alive.has(child);
    },
    kill: (signal) => void child.kill(signal),
    async stop(signal, graceMs) {
      if (!alive.has(child)) return;
      child.ref();
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(timer);
    },
    detach: () => child.unref(),
    logTail: () => tail(options.logFile),
  };
}

function tail(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-12).join("\n");
  } catch {
    return "";
  }
}

/** Whether a process of that number exists (it may belong to somebody else). */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Waits until `ready` answers true, polling every `everyMs`; false when `timeoutMs` have passed. */
export async function waitUntil(
  ready: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 40,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await ready()) return true;
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
