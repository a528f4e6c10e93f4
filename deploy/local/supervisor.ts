import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { type LogLine, readLine } from "./log-lines.ts";

export interface Command {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether it does its work. */
  readonly ready: () => Promise<boolean>;
}

export interface SupervisorEvents {
  /** A line a person should see: warnings, errors, restarts. */
  readonly notice: (name: string, line: LogLine) => void;
  readonly pidsChanged: () => void;
}

/** Crashes in a row wait longer and longer, so a process that can't start doesn't eat the machine. */
const BACKOFF_MS = [300, 1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** After this long without a crash, the next one counts as the first. */
const STEADY_MS = 60_000;
const STOP_GRACE_MS = 20_000;
const READY_POLL_MS = 100;

/** One child process: started, watched, started again when it crashes, stopped for good. */
export class Supervised {
  readonly command: Command;
  readonly logFile: string;
  readonly #events: SupervisorEvents;
  readonly #log: WriteStream;
  readonly #recent: string[] = [];
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #wanted = false;
  #crashes = 0;
  #startedAt = 0;
  #restarts = 0;
  #timer: NodeJS.Timeout | undefined;
  #nextEnvs: NodeJS.ProcessEnv[] = [];

  constructor(command: Command, logDir: string, events: SupervisorEvents) {
    this.command = command;
    this.#events = events;
    mkdirSync(logDir, { recursive: true });
    this.logFile = join(logDir, `${command.name}.log`);
    this.#log = createWriteStream(this.logFile, { flags: "w" });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it was started again after a crash. */
  get restarts(): number {
    return this.#restarts;
  }

  /** @param envs of this start and of those after the next crashes, one each, e.g. a failpoint; then none */
  start(...envs: NodeJS.ProcessEnv[]): void {
    this.#wanted = true;
    this.#nextEnvs = envs;
    this.#spawn();
  }

  #spawn(): void {
    const { program, args, cwd, name } = this.command;
    this.#startedAt = Date.now();
    // A group of its own: Ctrl-C in the terminal must reach only the runner, which stops things in order.
    const child = spawn(program, [...args], {
      cwd,
      env: { ...this.command.env, ...this.#nextEnvs.shift() },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) this.#follow(stream);
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#events.notice(name, { level: "error", text: `could not be started: ${error.message}` });
        resolve();
      });
      child.once("close", (code, signal) => {
        this.#child = undefined;
        this.#events.pidsChanged();
        resolve();
        if (this.#wanted) this.#crashed(signal ?? `code ${code}`);
      });
    });
    this.#events.pidsChanged();
  }

  #crashed(how: string): void {
    if (Date.now() - this.#startedAt > STEADY_MS) this.#crashes = 0;
    const wait = BACKOFF_MS[Math.min(this.#crashes, BACKOFF_MS.length - 1)] ?? 0;
    this.#crashes++;
    this.#restarts++;
    this.#events.notice(this.command.name, {
      level: "error",
      text: `ended (${how}); starting it again in ${wait / 1000} s`,
    });
    this.#timer = setTimeout(() => this.#wanted && this.#spawn(), wait);
  }

  #follow(stream: NodeJS.ReadableStream | null): void {
    let rest = "";
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => {
      this.#log.write(chunk);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!line.trim()) continue;
        this.#recent.push(line);
        if (this.#recent.length > 40) this.#recent.shift();
        const read = readLine(line);
        if (read) this.#events.notice(this.command.name, read);
      }
    });
  }

  /** Waits until it answers that it is ready; false when `timeoutMs` have passed or it was stopped. */
  async waitReady(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (this.#wanted && Date.now() < deadline) {
      if (this.#child && (await this.command.ready())) return true;
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    }
    return false;
  }

  /** The last lines it wrote. */
  recentLines(): readonly string[] {
    return this.#recent;
  }

  /** As an accident would: the supervisor starts it again. */
  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child) {
      // A paused process would sleep through the request to end.
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const hard = setTimeout(() => {
        this.#events.notice(this.command.name, {
          level: "warn",
          text: "did not stop in time and was killed",
        });
        killGroup(child);
      }, STOP_GRACE_MS);
      await this.#ended;
      clearTimeout(hard);
      // What it started itself (a watcher's child, a browser) is in its group.
      killGroup(child);
    }
  }

  async restart(...envs: NodeJS.ProcessEnv[]): Promise<void> {
    await this.stop();
    this.#crashes = 0;
    this.start(...envs);
  }

  /** The last resort when the runner itself must end at once. */
  killNow(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    if (this.#child) killGroup(this.#child);
  }
}

function killGroup(child: ChildProcess): void {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
