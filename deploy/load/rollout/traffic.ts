import { randomUUID } from "node:crypto";

/** One request that wasn't answered as it should be. */
export interface Failure {
  readonly during: string;
  readonly what: string;
}

/** People who ask all the time, each one request after the other over connections that are kept. */
export class Traffic {
  readonly #base: string;
  readonly #token: string;
  readonly failures: Failure[] = [];
  readonly written: string[] = [];
  answered = 0;
  /** What is being replaced, for the report. */
  during = "nothing";
  #stopped = false;
  #loops: Promise<void>[] = [];

  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  /** @param reads paths that are read in turn by each of `readers`; one more person writes */
  start(reads: readonly string[], readers: number): void {
    this.#loops = Array.from({ length: readers }, (_, first) =>
      this.#loop(async (turn) => {
        await this.#ask("GET", reads[(first + turn) % reads.length] ?? "/healthz");
      }),
    );
    this.#loops.push(this.#loop(() => this.#write()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  async #loop(step: (turn: number) => Promise<void>): Promise<void> {
    for (let turn = 0; !this.#stopped; turn++) {
      await step(turn);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** Something that would show if it were done twice. */
  async #write(): Promise<void> {
    const title = `Rollout ${randomUUID()}`;
    const done = await this.#ask("POST", "/tenant/v1/strategies", {
      title,
      body: "Written while processes were replaced.",
      horizonMonths: 6,
    });
    if (done) this.written.push(title);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<boolean> {
    const { during } = this;
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body ? { "content-type": "application/json", "idempotency-key": randomUUID() } : {}),
        },
        body: body ? JSON.stringify(body) : undefined,
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
      this.answered++;
      return true;
    } catch (error) {
      const cause = error instanceof Error && error.cause ? ` (${String(error.cause)})` : "";
      this.failures.push({ during, what: `${method} ${path}: ${String(error)}${cause}` });
      return false;
    }
  }
}

/** Milliseconds between a person's requests: some find an idle connection, some a busy one. */
const PAUSE_MS = 40;
const REQUEST_MS = 30_000;
