import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  StoreCompression,
  type StreamConfig,
} from "@nats-io/jetstream";
import type { KvOptions } from "@nats-io/kv";
import { nanos } from "@nats-io/nats-core";
import { errors } from "./errors.ts";
import { eventStream } from "./events/subjects.ts";
import type { Nats } from "./nats.ts";

/** The services that have events; each has a stream of its own. */
export const EVENT_SERVICES = [
  "identity",
  "tenancy",
  "content",
  "agents",
  "billing",
  "notifications",
  "rag",
  "search",
] as const;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MIB = 1024 * 1024;

export type StreamDeclaration = Partial<StreamConfig> & { name: string };

const limits = {
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  storage: StorageType.File,
} satisfies Partial<StreamConfig>;

/** Longer than a relay takes to restart and send its last batch again. */
const DUPLICATE_WINDOW = nanos(10 * MINUTE);

/** Every stream of the platform. */
export const STREAMS: readonly StreamDeclaration[] = [
  // Limits, not interest: a consumer that is deployed after the fact still sees what happened.
  ...EVENT_SERVICES.map((service) => ({
    ...limits,
    name: eventStream(service),
    description: `What happened in ${service}`,
    subjects: [`evt.${service}.>`],
    max_age: nanos(14 * DAY),
    max_bytes: 2048 * MIB,
    duplicate_window: DUPLICATE_WINDOW,
    compression: StoreCompression.S2,
    deny_delete: true,
  })),
  {
    // Kept shallow by the dispatcher; a full queue refuses the publisher instead of dropping work.
    name: "JOBS_AGENTS",
    description: "Agent runs that were admitted and wait for a worker",
    subjects: ["job.agents.>"],
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    max_msgs: 10_000,
    duplicate_window: DUPLICATE_WINDOW,
  },
  {
    ...limits,
    name: "DLQ",
    description: "Messages no consumer could handle, with what is needed to replay them",
    subjects: ["dlq.>"],
    max_age: nanos(60 * DAY),
    max_bytes: 1024 * MIB,
    duplicate_window: DUPLICATE_WINDOW,
  },
  {
    ...limits,
    name: "ADVISORIES",
    description: "The broker's word that a message ran out of deliveries",
    subjects: [
      "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",
      "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>",
    ],
    max_age: nanos(30 * DAY),
    max_bytes: 256 * MIB,
  },
  {
    // One sequence over all events: what a browser names in Last-Event-ID to continue where it stopped.
    ...limits,
    name: "FEED",
    description: "All events in one order, for live updates",
    sources: EVENT_SERVICES.map((service) => ({ name: eventStream(service) })),
    max_age: nanos(DAY),
    max_bytes: 1024 * MIB,
    compression: StoreCompression.S2,
  },
];

export type BucketDeclaration = Partial<KvOptions> & { name: string };

/** Every key-value bucket of the platform. */
export const BUCKETS: readonly BucketDeclaration[] = [
  // Revoked sessions and changed rights; every verifier watches it. An access token lives an hour at most.
  {
    name: "AUTHZ",
    description: "Revocations, watched by every verifier",
    storage: StorageType.File,
    history: 1,
    ttl: 2 * 60 * MINUTE,
  },
  {
    name: "IDEMPOTENCY",
    description: "Answers to Idempotency-Key",
    storage: StorageType.File,
    history: 1,
    ttl: DAY,
  },
];

/** Refuses to start without the declared streams and buckets: a service that can't say what happened must not work. */
export async function assertStreams(nats: Nats): Promise<void> {
  const missing: string[] = [];
  for (const name of [
    ...STREAMS.map((stream) => stream.name),
    ...BUCKETS.map((bucket) => `KV_${bucket.name}`),
  ]) {
    if (!(await streamConfig(nats, name))) missing.push(name);
  }
  if (missing.length === 0) return;
  throw errors.unavailable(
    `The broker has no ${missing.join(", ")}. Run "lm streams apply" (the local runner and the chart do it) and start again.`,
  );
}

/** How a stream is set at the broker now; undefined when there is none. */
export async function streamConfig(nats: Nats, stream: string): Promise<StreamConfig | undefined> {
  try {
    return (await nats.jsm.streams.info(stream)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)
      return undefined;
    throw error;
  }
}

/** What a stream holds now; undefined when there is none. */
export async function streamState(nats: Nats, stream: string, subjects?: string) {
  try {
    const { state, config } = await nats.jsm.streams.info(
      stream,
      subjects ? { subjects_filter: subjects } : undefined,
    );
    return {
      bytes: state.bytes,
      messages: state.messages,
      lastSequence: state.last_seq,
      maxBytes: config.max_bytes,
      maxMessages: config.max_msgs,
      subjects: state.subjects ?? {},
    };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)
      return undefined;
    throw error;
  }
}
