/**
 * Runs items in batches, of several keys when they wait together: a key's items are in one batch at a time, in the order they
 * came, and at most `limit` batches run at once. Keys take turns; what comes while a key's batch runs makes up its next one.
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
    while (this.#running < this.#limit && this.#ready.length > 0) {
      this.#running += 1;
      void this.#work(this.#next());
    }
  }

  /** The keys whose turn it is, as many as a batch has room for, and their items, a key's together. */
  #next(): { keys: string[]; items: T[] } {
    const keys: string[] = [];
    const items: T[] = [];
    while (items.length < this.#batch) {
      const key = this.#ready.shift();
      if (key === undefined) break;
      keys.push(key);
      items.push(...(this.#waiting.get(key) ?? []).splice(0, this.#batch - items.length));
    }
    return { keys, items };
  }

  async #work({ keys, items }: { keys: string[]; items: T[] }): Promise<void> {
    await this.#run(items);
    this.#running -= 1;
    this.#size -= items.length;
    for (const key of keys) {
      if ((this.#waiting.get(key) ?? []).length > 0) this.#ready.push(key);
      else this.#waiting.delete(key);
    }
    for (const resolve of this.#onEnd.splice(0)) resolve();
    this.#start();
  }
}
