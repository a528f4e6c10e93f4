import type { JsMsg } from "@nats-io/jetstream";
import { headers as natsHeaders } from "@nats-io/nats-core";
import { PLATFORM } from "../events/headers.ts";
import type { Nats } from "../nats.ts";

/** What a dead letter adds to the headers of its message. */
export const DLQ_HEADER = {
  subject: "lm-dlq-subject",
  stream: "lm-dlq-stream",
  sequence: "lm-dlq-sequence",
  consumer: "lm-dlq-consumer",
  deliveries: "lm-dlq-deliveries",
  why: "lm-dlq-why",
} as const;

export interface DeadLetterInput {
  readonly message: Pick<JsMsg, "subject" | "headers" | "data"> & {
    info: { stream: string; streamSequence: number; deliveryCount: number };
  };
  readonly durable: string;
  readonly tenantRef: string | undefined;
  readonly why: string;
}

const MAX_WHY = 1_000;

/** Copies a message to the stream DLQ; resolves when the broker has it. Repeating it leaves one copy. */
export async function deadLetter(
  nats: Nats,
  { message, durable, tenantRef, why }: DeadLetterInput,
): Promise<void> {
  const { stream, streamSequence, deliveryCount } = message.info;
  const headers = natsHeaders();
  for (const [name, values] of message.headers ?? []) {
    // Headers that steer the broker belonged to the first publish.
    if (!name.startsWith("Nats-")) for (const value of values) headers.append(name, value);
  }
  headers.set(DLQ_HEADER.subject, message.subject);
  headers.set(DLQ_HEADER.stream, stream);
  headers.set(DLQ_HEADER.sequence, String(streamSequence));
  headers.set(DLQ_HEADER.consumer, durable);
  headers.set(DLQ_HEADER.deliveries, String(deliveryCount));
  headers.set(DLQ_HEADER.why, oneLine(why).slice(0, MAX_WHY));
  await nats.js.publish(`dlq.${stream}.${durable}.${tenantRef ?? PLATFORM}`, message.data, {
    msgID: `dlq:${stream}:${streamSequence}:${durable}`,
    headers,
    timeout: 5_000,
  });
}

/** A header ends at a line break. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
