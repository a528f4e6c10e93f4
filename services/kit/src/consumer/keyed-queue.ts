/** Runs tasks, at most `limit` at once and those with the same key one after the other, in the order they came. */
export class KeyedQueue {
  readonly #limit: number;
  readonly #tails = new Map<string, Promise<void>>();
  readonly #waiting: Array<() => void> = [];
  #running = 0;
  #size = 0;
  #onFree: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Tasks that were added and haven't ended. */
  get size(): number {
    return this.#size;
  }

  /** @param task must not throw; it handles its own errors */
  add(key: string, task: () => Promise<void>): void {
    this.#size += 1;
    const before = this.#tails.get(key) ?? Promise.resolve();
    const own = before.then(() => this.#run(task));
    this.#tails.set(key, own);
    void own.finally(() => {
      if (this.#tails.get(key) === own) this.#tails.delete(key);
      this.#size -= 1;
      this.#onFree?.();
    });
  }

  /** Resolves when the next task ends. */
  nextEnd(): Promise<void> {
    return new Promise((resolve) => {
      const previous = this.#onFree;
      this.#onFree = () => {
        this.#onFree = undefined;
        previous?.();
        resolve();
      };
    });
  }

  async drained(): Promise<void> {
    while (this.#size > 0) await this.nextEnd();
  }

  async #run(task: () => Promise<void>): Promise<void> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      await task();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
