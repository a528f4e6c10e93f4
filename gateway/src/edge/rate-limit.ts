import type { NatsConnection } from "@nats-io/nats-core";

const SUBJECT = "gateway.rate";
/** Windows kept in memory at most; the oldest go first. */
const MAX_KEYS = 100_000;
/** Milliseconds in which calls are gathered before the other replicas hear of them. */
export const TELL_EVERY_MS = 50;

/** Calls of one key since the others were told last. */
interface Told {
  readonly key: string;
  readonly windowMs: number;
  readonly calls: number;
}

interface Window {
  count: number;
  /** Milliseconds since the epoch at which it starts anew. */
  ends: number;
}

/**
 * Counts of calls in a window, shared by all gateway replicas: each counts its own at once and tells the others, so a
 * limit holds over the whole platform within {@link TELL_EVERY_MS} and the time a message takes. Needs no round trip per call.
 */
export class SharedCounters {
  readonly #windows = new Map<string, Window>();
  readonly #nc: NatsConnection | undefined;
  readonly #self = crypto.randomUUID();
  readonly #untold = new Map<string, Told>();
  #telling: NodeJS.Timeout | undefined;

  constructor(nc: NatsConnection | undefined) {
    this.#nc = nc;
    nc?.subscribe(SUBJECT, {
      callback: (error, message) => {
        if (error) return;
        const { from, counted } = message.json<{ from: string; counted: readonly Told[] }>();
        if (from === this.#self) return;
        for (const { key, windowMs, calls } of counted) this.#count(key, windowMs, calls);
      },
    });
  }

  /** Counts one call. @returns how many there were in this window, and its milliseconds left */
  hit(key: string, windowMs: number): { current: number; ttl: number } {
    const window = this.#count(key, windowMs, 1);
    if (this.#nc) {
      this.#untold.set(key, { key, windowMs, calls: (this.#untold.get(key)?.calls ?? 0) + 1 });
      this.#telling ??= setTimeout(() => this.#tell(), TELL_EVERY_MS).unref();
    }
    return { current: window.count, ttl: Math.max(0, window.ends - Date.now()) };
  }

  #tell(): void {
    this.#telling = undefined;
    const counted = [...this.#untold.values()];
    this.#untold.clear();
    if (this.#nc && !this.#nc.isClosed())
      this.#nc.publish(SUBJECT, JSON.stringify({ from: this.#self, counted }));
  }

  #count(key: string, windowMs: number, calls: number): Window {
    const now = Date.now();
    let window = this.#windows.get(key);
    if (!window || window.ends <= now) {
      window = { count: 0, ends: now + windowMs };
      this.#windows.delete(key);
      this.#windows.set(key, window);
      if (this.#windows.size > MAX_KEYS) this.#windows.delete(this.#windows.keys().next().value ?? "");
    }
    window.count += calls;
    return window;
  }
}
