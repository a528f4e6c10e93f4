import type { JsMsg } from "@nats-io/jetstream";
import type { Profile } from "./profiles.ts";

/** Milliseconds an aborted handler has to end before its message is handed back without it. */
const IGNORED_ABORT_MS = 5_000;

/**
 * Keeps one message ours while its handler advances: beats to the broker, stops beating and aborts the handler when it
 * reports nothing for too long or runs over its hard limit. So a stuck handler can't hold its message for ever. Time is
 * counted on the monotonic clock: setting the machine's clock ends no lease and keeps none.
 */
export class Lease {
  readonly #message: JsMsg;
  readonly #profile: Profile;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #givenUp = Promise.withResolvers<string>();
  #beatAt: number;
  #startedAt: number | undefined;
  #progressAt = 0;

  constructor(message: JsMsg, profile: Profile) {
    this.#message = message;
    this.#profile = profile;
    this.#timer = setInterval(() => this.#beat(), Math.min(profile.heartbeatMs, 5_000));
    this.#beatAt = performance.now();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The handler starts now; before this the message waited for its aggregate's turn, which is no fault of it. */
  begin(): void {
    this.#startedAt = performance.now();
    this.#progressAt = this.#startedAt;
  }

  progress(): void {
    this.#progressAt = performance.now();
  }

  abort(why: string): void {
    if (this.signal.aborted) return;
    this.#controller.abort(new Error(why));
    const giveUp = () => this.#givenUp.resolve(`${why}, and went on after it was aborted`);
    setTimeout(giveUp, IGNORED_ABORT_MS).unref();
  }

  /** Resolves, with the reason in words, when the handler was aborted and still hasn't ended: its place is needed. */
  get givenUp(): Promise<string> {
    return this.#givenUp.promise;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const now = performance.now();
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
