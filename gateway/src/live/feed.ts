import type { Logger, Nats } from "@leadmetrics/kit";
import { DeliverPolicy, type JsMsg } from "@nats-io/jetstream";

/** One event as it lies in the stream that all events flow into. */
export interface FeedItem {
  /** Its place in that stream: what a browser names to continue after it. */
  readonly sequence: number;
  readonly type: string;
  readonly eventId: string;
  readonly tenantRef: string;
  readonly occurredOn: string;
  readonly payload: Uint8Array;
}

type Listener = (item: FeedItem) => void;

const STREAM = "FEED";
/** Events replayed to one browser at most; one that was away longer loads its pages anew. */
const REPLAY_MAX = 2_000;
/** Milliseconds a replay may take. */
const REPLAY_MS = 5_000;
const RECOVER_MS = 500;
/** Milliseconds between two looks whether the stream was made anew: then its numbers begin again. */
const ANEW_MS = 5_000;

/**
 * All events, live: one consumer for the whole process, fanned out in memory. A browser that was away reads what it
 * missed through a consumer of its own that ends where the live one goes on.
 */
export class Feed {
  readonly #nats: Nats;
  readonly #log: Logger;
  readonly #listeners = new Set<Listener>();
  #last = 0;
  #stopped = false;
  #stopReading: (() => void) | undefined;
  #anew: NodeJS.Timeout | undefined;
  #created: string | undefined;

  constructor(nats: Nats, log: Logger) {
    this.#nats = nats;
    this.#log = log;
  }

  /** Sequence of the newest event seen. */
  get last(): number {
    return this.#last;
  }

  async start(): Promise<void> {
    const info = await this.#nats.jsm.streams.info(STREAM);
    this.#last = info.state.last_seq;
    this.#created = info.created;
    void this.#read();
    this.#anew = setInterval(() => void this.#noticeNewStream(), ANEW_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#anew);
    this.#stopReading?.();
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What happened after `sequence`, oldest first, up to now.
   *
   * @param tenantRefs whose events; undefined for everybody's
   * @returns undefined when it can't be told: too much happened, it was too long ago, or the stream was made anew
   */
  async since(sequence: number, tenantRefs: readonly string[] | undefined): Promise<FeedItem[] | undefined> {
    const { state } = await this.#nats.jsm.streams.info(STREAM);
    if (sequence > state.last_seq || sequence + 1 < state.first_seq) return undefined;
    if (sequence === state.last_seq || tenantRefs?.length === 0) return [];
    const consumer = await this.#nats.js.consumers.get(STREAM, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: sequence + 1,
      ...(tenantRefs ? { filter_subjects: tenantRefs.map((ref) => `evt.*.*.*.v1.${ref}`) } : {}),
    });
    try {
      const { num_pending: missed } = await consumer.info();
      if (missed > REPLAY_MAX) return undefined;
      const items: FeedItem[] = [];
      if (missed === 0) return items;
      const messages = await consumer.fetch({ max_messages: missed, expires: REPLAY_MS });
      for await (const message of messages) items.push(itemOf(message));
      // A part of them would be a gap that nobody notices.
      return items.length < missed ? undefined : items;
    } finally {
      await consumer.delete();
    }
  }

  /**
   * A broker that lost its disk gives the first event number 1 again: waiting for the next number would be for ever. What
   * fills the new stream happened before, so reading goes on at its end.
   */
  async #noticeNewStream(): Promise<void> {
    const info = await this.#nats.jsm.streams.info(STREAM).catch(() => undefined);
    if (!info) return;
    const before = this.#created;
    this.#created = info.created;
    if (before === undefined || before === info.created) return;
    this.#log.warn({ created: info.created }, "the feed was made anew, reading it from its end");
    this.#last = info.state.last_seq;
    this.#stopReading?.();
  }

  async #read(): Promise<void> {
    while (!this.#stopped) {
      try {
        const consumer = await this.#nats.js.consumers.get(STREAM, {
          deliver_policy: DeliverPolicy.StartSequence,
          opt_start_seq: this.#last + 1,
        });
        const messages = await consumer.consume();
        this.#stopReading = () => messages.stop();
        for await (const message of messages) {
          this.#last = message.seq;
          const item = itemOf(message);
          for (const listener of this.#listeners) listener(item);
        }
      } catch (error) {
        this.#log.warn({ err: error }, "reading the feed was interrupted, starting again");
      }
      await new Promise((resolve) => setTimeout(resolve, RECOVER_MS));
    }
  }
}

function itemOf(message: JsMsg): FeedItem {
  const header = (name: string) => message.headers?.get(name) ?? "";
  return {
    sequence: message.seq,
    type: header("lm-event-type"),
    eventId: header("lm-event-id"),
    tenantRef: message.subject.slice(message.subject.lastIndexOf(".") + 1),
    occurredOn: header("lm-occurred-at"),
    payload: message.data,
  };
}
