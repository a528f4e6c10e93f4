import type { Nats } from "./nats.ts";
import { STREAMS, streamState } from "./streams.ts";

/** A stream and how far its readers are. */
export interface QueueState {
  readonly name: string;
  readonly messages: number;
  readonly bytes: number;
  /** 0 or less means no limit. */
  readonly maxBytes: number;
  readonly readers: readonly {
    readonly name: string;
    /** Not given to it yet. */
    readonly lag: number;
    /** Given, not settled. */
    readonly inHand: number;
    readonly redelivered: number;
  }[];
}

/** Every stream of the platform that is there, with its durable readers. Needs the right to list consumers. */
export async function queuesOf(nats: Nats): Promise<QueueState[]> {
  const found = await Promise.all(STREAMS.map(({ name }) => look(nats, name)));
  return found.filter((queue) => queue !== undefined);
}

async function look(nats: Nats, name: string): Promise<QueueState | undefined> {
  const state = await streamState(nats, name);
  if (!state) return undefined;
  const readers: QueueState["readers"][number][] = [];
  for await (const info of nats.jsm.consumers.list(name)) {
    if (!info.config.durable_name) continue;
    readers.push({
      name: info.name,
      lag: info.num_pending,
      inHand: info.num_ack_pending,
      redelivered: info.num_redelivered,
    });
  }
  readers.sort((one, other) => one.name.localeCompare(other.name));
  return { name, messages: state.messages, bytes: state.bytes, maxBytes: state.maxBytes, readers };
}
