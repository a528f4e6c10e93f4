/**
 * Runs items in batches: those with the same key one batch after the other, in the order they came, and at most `limit`
 * batches at once. What comes while a key's batch runs makes up its next one.
 */
export class BatchQueue<T> {
  readonly #limit: number;
  readonly #batch: number;
  readonly #run: (items: readonly T[]) => Promise<void>;
  readonly #waiting = new Map<string, T[]>();
  readonly #ready: string[] = [];
  #running = 0;
  #size = 0;
  #onEnd: (() => void)[] = [];

  /** @param run must not throw; it handles its own errors */
  constructor(limit: number, batch: number, run: (items: readonly T[]) => Promise<void>) {
    this.#limit = limit;
    this.#batch = batch;
    this.#run = run;
  }

  /** Items that were added and haven't ended. */
  get size(): number {
    return this.#size;
  }

  add(key: string, item: T): void {
    this.#size += 1;
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.push(item);
      return;
    }
    this.#waiting.set(key, [item]);
    this.#ready.push(key);
    // What arrives together is handled together.
    if (this.#ready.length === 1) setImmediate(() => this.#start());
  }

  /** Resolves when the next batch ends. */
  nextEnd(): Promise<void> {
    return new Promise((resolve) => this.#onEnd.push(resolve));
  }

  async drained(): Promise<void> {
    while (this.#size > 0) await this.nextEnd();
  }

  #start(): void {
    while (this.#running < this.#limit) {
      const key = this.#ready.shift();
      if (key === undefined) return;
      this.#running += 1;
      void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    const waiting = this.#waiting.get(key) ?? [];
    const items = waiting.splice(0, this.#batch);
    await this.#run(items);
    this.#running -= 1;
    this.#size -= items.length;
    if (waiting.length > 0) this.#ready.push(key);
    else this.#waiting.delete(key);
    for (const resolve of this.#onEnd.splice(0)) resolve();
    this.#start();
  }
}
