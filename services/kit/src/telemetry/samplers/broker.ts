import { type ConsumerInfo, JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import type { Nats } from "../../nats.ts";
import { BUCKETS, STREAMS, streamState } from "../../streams.ts";
import { METRICS } from "../metric-catalogue.ts";
import { gauge } from "../metrics.ts";
import type { Sampler } from "../samples.ts";

const lag = gauge(METRICS.consumerLag);
const inHand = gauge(METRICS.consumerInHand);
const redelivered = gauge(METRICS.consumerRedelivered);
const oldestAge = gauge(METRICS.consumerOldestAge);
const letters = gauge(METRICS.deadLetters);
const bytes = gauge(METRICS.streamBytes);
const maxBytes = gauge(METRICS.streamMaxBytes);
const messages = gauge(METRICS.streamMessages);
const maxMessages = gauge(METRICS.streamMaxMessages);
const storage = gauge(METRICS.brokerStorage);

const GAUGES = [
  lag,
  inHand,
  redelivered,
  oldestAge,
  letters,
  bytes,
  maxBytes,
  messages,
  maxMessages,
  storage,
];
const HOLDS_MS = 2_000;

/**
 * Streams, consumers and dead letters as the broker has them. Taken by the one service that may look at all of them, and
 * not by each consumer's own: one that hangs or is gone is the one whose lag matters.
 */
export function brokerSampler(nats: Nats): Sampler {
  return {
    name: "broker",
    holdsMs: HOLDS_MS,
    gauges: GAUGES,
    async take() {
      const names = [...STREAMS.map(({ name }) => name), ...BUCKETS.map(({ name }) => `KV_${name}`)];
      const found = await Promise.all(names.map((name) => look(nats, name)));
      for (const each of GAUGES) each.reset();
      let sum = 0;
      for (const { stream, state, consumers, ages } of found.filter((each) => each !== undefined)) {
        sum += state.bytes;
        bytes.set({ stream }, state.bytes);
        messages.set({ stream }, state.messages);
        if (state.maxBytes > 0) maxBytes.set({ stream }, state.maxBytes);
        if (state.maxMessages > 0) maxMessages.set({ stream }, state.maxMessages);
        for (const [index, { name: durable, ...info }] of consumers.entries()) {
          lag.set({ stream, durable }, info.num_pending);
          inHand.set({ stream, durable }, info.num_ack_pending);
          redelivered.set({ stream, durable }, info.num_redelivered);
          oldestAge.set({ stream, durable }, ages[index] ?? 0);
        }
        if (stream === "DLQ") countLetters(state.subjects);
      }
      storage.set(sum);
    },
  };
}

async function look(nats: Nats, stream: string) {
  const state = await streamState(nats, stream, stream === "DLQ" ? "dlq.>" : undefined);
  // A stream that isn't there is the broker's trouble and shows elsewhere; the others are still worth knowing.
  if (!state) return undefined;
  const consumers: ConsumerInfo[] = [];
  if (!stream.startsWith("KV_")) {
    for await (const info of nats.jsm.consumers.list(stream))
      if (info.config.durable_name) consumers.push(info);
  }
  return { stream, state, consumers, ages: await Promise.all(consumers.map((info) => ageOf(nats, info))) };
}

/** Seconds since the oldest event happened that the consumer hasn't settled; 0 when it has settled all. */
async function ageOf(nats: Nats, info: ConsumerInfo): Promise<number> {
  if (info.num_pending + info.num_ack_pending === 0) return 0;
  const { filter_subjects, filter_subject } = info.config;
  const subjects = filter_subjects ?? [filter_subject ?? ">"];
  const seq = info.ack_floor.stream_seq + 1;
  const times = await Promise.all(
    subjects.map((next_by_subj) => timeOf(nats, info.stream_name, { seq, next_by_subj })),
  );
  const oldest = Math.min(...times);
  return Number.isFinite(oldest) ? Math.max(0, Date.now() - oldest) / 1_000 : 0;
}

async function timeOf(
  nats: Nats,
  stream: string,
  query: { seq: number; next_by_subj: string },
): Promise<number> {
  try {
    return (await nats.jsm.streams.getMessage(stream, query))?.time.getTime() ?? Number.POSITIVE_INFINITY;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound)
      return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** Subjects are `dlq.<stream>.<consumer>.<tenant>`; whose they are is not for a label. */
function countLetters(subjects: Readonly<Record<string, number>>): void {
  for (const [subject, count] of Object.entries(subjects)) {
    const [, stream = "", durable = ""] = subject.split(".");
    letters.inc({ stream, durable }, count);
  }
}
