import { JetStreamApiCodes, JetStreamApiError, type StoredMsg } from "@nats-io/jetstream";
import { type MsgHdrs, headers as natsHeaders } from "@nats-io/nats-core";
import { errors } from "../errors.ts";
import { HEADER } from "../events/headers.ts";
import type { Nats } from "../nats.ts";
import { DLQ_HEADER } from "./dead-letter.ts";

/** One message that no consumer could handle. */
export interface DeadLetter {
  /** Its number in the stream DLQ: what `show` and `replay` take. */
  readonly sequence: number;
  readonly at: Date;
  readonly eventId: string;
  readonly type: string;
  readonly tenantRef: string;
  readonly subject: string;
  readonly stream: string;
  readonly consumer: string;
  readonly deliveries: number;
  readonly why: string;
}

export interface DeadLetterFilter {
  readonly stream?: string;
  readonly consumer?: string;
  readonly tenantRef?: string;
  /** At most this many, the oldest first; 100 unless said otherwise. */
  readonly limit?: number;
  /** Only those after this sequence, to continue a list. */
  readonly after?: number;
}

export async function listDeadLetters(nats: Nats, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> {
  const { stream = "*", consumer = "*", tenantRef = "*", limit = 100 } = filter;
  const found: DeadLetter[] = [];
  let from = (filter.after ?? 0) + 1;
  while (found.length < limit) {
    const message = await get(nats, { seq: from, next_by_subj: `dlq.${stream}.${consumer}.${tenantRef}` });
    if (!message) break;
    found.push(describe(message));
    from = message.seq + 1;
  }
  return found;
}

/** One dead letter with its payload and all of its headers. */
export async function showDeadLetter(
  nats: Nats,
  sequence: number,
): Promise<DeadLetter & { headers: Record<string, string>; payload: Uint8Array }> {
  const message = await mustGet(nats, sequence);
  const headers: Record<string, string> = {};
  for (const [name, values] of message.header) headers[name] = values.join(", ");
  return { ...describe(message), headers, payload: message.data };
}

/**
 * Sends a dead letter to its consumer again, under the same event id (so an effect that did happen isn't repeated) and
 * a new message id (so the broker doesn't drop it), and takes it off the list. If it fails again it comes back.
 */
export async function replayDeadLetter(nats: Nats, sequence: number): Promise<DeadLetter> {
  const message = await mustGet(nats, sequence);
  const letter = describe(message);
  const headers = natsHeaders();
  const added = new Set<string>(Object.values(DLQ_HEADER));
  for (const [name, values] of message.header) {
    if (!added.has(name) && !name.startsWith("Nats-"))
      for (const value of values) headers.append(name, value);
  }
  headers.set(HEADER.replayFor, letter.consumer);
  await nats.js.publish(letter.subject, message.data, {
    msgID: `replay:${sequence}:${letter.eventId}`,
    headers,
    timeout: 5_000,
  });
  await nats.jsm.streams.deleteMessage("DLQ", sequence);
  return letter;
}

type Query = { seq: number } | { seq: number; next_by_subj: string };

async function get(nats: Nats, query: Query): Promise<StoredMsg | undefined> {
  try {
    return (await nats.jsm.streams.getMessage("DLQ", query)) ?? undefined;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound)
      return undefined;
    throw error;
  }
}

async function mustGet(nats: Nats, sequence: number): Promise<StoredMsg> {
  const message = await get(nats, { seq: sequence });
  if (!message) throw errors.notFound("dead letter");
  return message;
}

function describe({ seq, time, header }: StoredMsg): DeadLetter {
  const text = (name: string) => read(header, name);
  return {
    sequence: seq,
    at: time,
    eventId: text(HEADER.id),
    type: text(HEADER.type),
    tenantRef: text(HEADER.tenant),
    subject: text(DLQ_HEADER.subject),
    stream: text(DLQ_HEADER.stream),
    consumer: text(DLQ_HEADER.consumer),
    deliveries: Number(text(DLQ_HEADER.deliveries)),
    why: text(DLQ_HEADER.why),
  };
}

function read(header: MsgHdrs, name: string): string {
  return header.has(name) ? header.get(name) : "";
}
