import type { NatsConnection } from "@nats-io/nats-core";

const SUBJECT = "gateway.rate";
/** Windows kept in memory at most; the oldest go first. */
const MAX_KEYS = 100_000;

interface Window {
  count: number;
  /** Milliseconds since the epoch at which it starts anew. */
  ends: number;
}

/**
 * Counts of calls in a window, shared by all gateway replicas: each counts its own at once and tells the others, so a
 * limit holds over the whole platform within the time a message takes. Needs no round trip per call.
 */
export class SharedCounters {
  readonly #windows = new Map<string, Window>();
  readonly #nc: NatsConnection | undefined;
  readonly #self = crypto.randomUUID();

  constructor(nc: NatsConnection | undefined) {
    this.#nc = nc;
    nc?.subscribe(SUBJECT, {
      callback: (error, message) => {
        if (error) return;
        const told = message.json<{ from: string; key: string; windowMs: number }>();
        if (told.from !== this.#self) this.#count(told.key, told.windowMs);
      },
    });
  }

  /** Counts one call. @returns how many there were in this window, and its milliseconds left */
  hit(key: string, windowMs: number): { current: number; ttl: number } {
    if (this.#nc && !this.#nc.isClosed())
      this.#nc.publish(SUBJECT, JSON.stringify({ from: this.#self, key, windowMs }));
    const window = this.#count(key, windowMs);
    return { current: window.count, ttl: Math.max(0, window.ends - Date.now()) };
  }

  #count(key: string, windowMs: number): Window {
    const now = Date.now();
    let window = this.#windows.get(key);
    if (!window || window.ends <= now) {
      window = { count: 0, ends: now + windowMs };
      this.#windows.delete(key);
      this.#windows.set(key, window);
      if (this.#windows.size > MAX_KEYS) this.#windows.delete(this.#windows.keys().next().value ?? "");
    }
    window.count += 1;
    return window;
  }
}
