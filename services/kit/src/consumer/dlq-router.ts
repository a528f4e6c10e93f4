import {
  AckPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JsMsg,
  RetentionPolicy,
} from "@nats-io/jetstream";
import { z } from "zod";
import { HEADER } from "../events/headers.ts";
import type { Logger } from "../log.ts";
import type { Nats } from "../nats.ts";
import { sleep } from "../sleep.ts";
import { deadLetter } from "./dead-letter.ts";
import { ensureDurable } from "./durable.ts";

/** Replicas share it: whichever takes an advisory first files the dead letter. */
const DURABLE = "dlq-router";
const FILTER = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>";

const advisory = z.object({
  stream: z.string(),
  consumer: z.string(),
  stream_seq: z.number().int(),
  deliveries: z.number().int(),
});

/**
 * The second way to the dead letters: the broker ran out of deliveries without anybody settling the message (no
 * replica was alive long enough). It stays in its stream, so it can still be copied; from a work queue it is removed.
 */
export function startDeadLetterRouter({ nats, log }: { nats: Nats; log: Logger }): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = run(nats, log, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function run(nats: Nats, log: Logger, stop: AbortSignal) {
  while (!stop.aborted) {
    try {
      const consumer = await ensureDurable(nats, "ADVISORIES", {
        durable_name: DURABLE,
        filter_subject: FILTER,
        ack_policy: AckPolicy.Explicit,
      });
      while (!stop.aborted) {
        const messages = await consumer.fetch({ max_messages: 10, expires: 5_000 });
        const onStop = () => messages.stop();
        stop.addEventListener("abort", onStop, { once: true });
        for await (const message of messages) await route(nats, log, message);
        stop.removeEventListener("abort", onStop);
      }
    } catch (error) {
      if (stop.aborted) return;
      log.warn({ err: error }, "the dead-letter router was interrupted and starts again");
      await sleep(1_000, stop);
    }
  }
}

async function route(nats: Nats, log: Logger, message: JsMsg) {
  const parsed = advisory.safeParse(message.json());
  // Its own deliveries, and those of consumers that live outside of this grammar, are nobody's dead letter.
  if (!parsed.success || parsed.data.consumer === DURABLE) return void message.ack();
  const { stream, consumer, stream_seq, deliveries } = parsed.data;
  const original = await nats.jsm.streams.getMessage(stream, { seq: stream_seq }).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return null;
    throw error;
  });
  if (original) {
    const tenantRef = original.header.has(HEADER.tenant) ? original.header.get(HEADER.tenant) : undefined;
    await deadLetter(nats, {
      message: {
        subject: original.subject,
        headers: original.header,
        data: original.data,
        info: { stream, streamSequence: stream_seq, deliveryCount: deliveries },
      },
      durable: consumer,
      tenantRef,
      why: `max_deliveries: nobody settled it in ${deliveries} deliveries`,
    });
    const { config } = await nats.jsm.streams.info(stream);
    if (config.retention === RetentionPolicy.Workqueue)
      await nats.jsm.streams.deleteMessage(stream, stream_seq);
    log.error({ stream, consumer, sequence: stream_seq, deliveries }, "a message ran out of deliveries");
  }
  message.ack();
}
