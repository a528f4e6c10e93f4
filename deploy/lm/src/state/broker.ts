import type { Nats } from "@leadmetrics/kit";

/** How far a consumer is behind. */
export interface ConsumerState {
  readonly stream: string;
  readonly consumer: string;
  /** Not delivered yet. */
  readonly waiting: number;
  /** Delivered, not settled. */
  readonly inHand: number;
  /** Of those in hand, delivered more than once. */
  readonly again: number;
}

/** How many dead letters a consumer has. */
export interface LettersState {
  readonly consumer: string;
  readonly stream: string;
  readonly letters: number;
}

/** Durables of all streams; those a client makes for itself (a live feed, a tail) are left out. */
export async function consumerStates(nats: Nats): Promise<ConsumerState[]> {
  const states: ConsumerState[] = [];
  for await (const { config } of nats.jsm.streams.list()) {
    for await (const info of nats.jsm.consumers.list(config.name)) {
      if (!info.config.durable_name) continue;
      states.push({
        stream: config.name,
        consumer: info.config.durable_name,
        waiting: info.num_pending,
        inHand: info.num_ack_pending,
        again: info.num_redelivered,
      });
    }
  }
  return states.sort(
    (one, other) => other.waiting - one.waiting || one.consumer.localeCompare(other.consumer),
  );
}

/** Dead letters by consumer. */
export async function letterStates(nats: Nats): Promise<LettersState[]> {
  const { state } = await nats.jsm.streams.info("DLQ", { subjects_filter: "dlq.>" });
  const counts = new Map<string, LettersState>();
  for (const [subject, letters] of Object.entries(state.subjects ?? {})) {
    const [, stream = "", consumer = ""] = subject.split(".");
    const key = `${stream}.${consumer}`;
    counts.set(key, { stream, consumer, letters: letters + (counts.get(key)?.letters ?? 0) });
  }
  return [...counts.values()].sort((one, other) => other.letters - one.letters);
}
