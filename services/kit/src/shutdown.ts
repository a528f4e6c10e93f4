import type { Logger } from "./log.ts";
import { stopTracing } from "./telemetry/lifecycle.ts";

interface Step {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** Milliseconds from the signal until the process gives up and exits 1. */
const DEADLINE_MS = 40_000;

/** What a process does when it is told to stop: the steps in the order they were added, each once. */
export class Shutdown {
  readonly #steps: Step[] = [];
  readonly #log: Logger;
  #running: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(name: string, run: Step["run"]): void {
    this.#steps.push({ name, run });
  }

  get draining(): boolean {
    return this.#running !== undefined;
  }

  /** Runs all steps; a failing one is logged and doesn't keep the others from running. */
  run(): Promise<void> {
    this.#running ??= this.#all();
    return this.#running;
  }

  /** SIGTERM and SIGINT start it and exit 0; a second signal, or the deadline, exits 1. */
  listen(): void {
    const onSignal = (signal: string) => {
      if (this.draining) process.exit(1);
      this.#log.info({ signal }, "stopping");
      setTimeout(() => {
        this.#log.error("stopping took too long");
        process.exit(1);
      }, DEADLINE_MS).unref();
      void this.run().then(() => process.exit(0));
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  }

  async #all(): Promise<void> {
    for (const step of this.#steps) {
      try {
        await step.run();
      } catch (error) {
        this.#log.error({ err: error, step: step.name }, "a step of stopping failed");
      }
    }
    await stopTracing().catch((error: unknown) => this.#log.warn({ err: error }, "the last spans were lost"));
  }
}
