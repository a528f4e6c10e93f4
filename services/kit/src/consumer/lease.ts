import type { JsMsg } from "@nats-io/jetstream";
import type { Profile } from "./profiles.ts";

/**
 * Keeps one message ours while its handler advances: beats to the broker, stops beating and aborts the handler when it
 * reports nothing for too long or runs over its hard limit. So a stuck handler can't hold its message for ever.
 */
export class Lease {
  readonly #message: JsMsg;
  readonly #profile: Profile;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #startedAt: number | undefined;
  #progressAt = 0;

  constructor(message: JsMsg, profile: Profile) {
    this.#message = message;
    this.#profile = profile;
    this.#timer = setInterval(() => this.#beat(), Math.min(profile.heartbeatMs, 5_000));
    this.#beatAt = Date.now();
  }

  #beatAt: number;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The handler starts now; before this the message waited for its aggregate's turn, which is no fault of it. */
  begin(): void {
    this.#startedAt = Date.now();
    this.#progressAt = this.#startedAt;
  }

  progress(): void {
    this.#progressAt = Date.now();
  }

  abort(why: string): void {
    this.#controller.abort(new Error(why));
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const now = Date.now();
    if (this.#startedAt !== undefined) {
      const over = overLimit(this.#profile, now - this.#startedAt, now - this.#progressAt);
      if (over) {
        this.end();
        this.abort(over);
        return;
      }
    }
    if (now - this.#beatAt < this.#profile.heartbeatMs) return;
    this.#beatAt = now;
    this.#message.working();
  }
}

/** Which limit a handler has passed, in words; undefined when none. */
function overLimit({ hardLimitMs, idleLimitMs }: Profile, ranMs: number, idleMs: number): string | undefined {
  if (ranMs > hardLimitMs) return `ran longer than ${hardLimitMs / 1000} s`;
  if (idleMs > idleLimitMs) return `no progress for ${idleLimitMs / 1000} s`;
  return undefined;
}
