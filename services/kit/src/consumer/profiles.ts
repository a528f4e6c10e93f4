/** How a kind of consumer behaves; chosen by how long its handlers take. */
export interface Profile {
  /** Delivered again when no acknowledgement or heartbeat came for this long. Always more than two heartbeats. */
  readonly ackWaitMs: number;
  readonly heartbeatMs: number;
  /** Deliveries in which the handler runs; one that comes after goes straight to the dead letters. */
  readonly attempts: number;
  /** Messages this process holds at once, running or waiting for their aggregate's turn. */
  readonly inFlight: number;
  /** Handlers, or batches of them, that run at once. Few: while they run, the next batches fill. */
  readonly concurrency: number;
  /** Messages that are handled in one transaction when they wait together; handlers with effects outside the database run one by one. */
  readonly batch: number;
  /** Over all replicas. */
  readonly maxAckPending: number;
  /** A handler that reports no progress for this long is stuck: aborted, and delivered again. */
  readonly idleLimitMs: number;
  /** No handler runs longer. */
  readonly hardLimitMs: number;
  readonly backoffMs: (delivery: number) => number;
}

export type ProfileName = "projector" | "job" | "llm";

const grow = (first: number, factor: number, cap: number) => (delivery: number) =>
  Math.min(first * factor ** Math.max(0, delivery - 1), cap);

const minutes = (count: number) => count * 60_000;

export const PROFILES: Record<ProfileName, Profile> = {
  /** Writes a few rows per event. */
  projector: {
    ackWaitMs: 15_000,
    heartbeatMs: 5_000,
    attempts: 20,
    inFlight: 256,
    concurrency: 4,
    batch: 32,
    maxAckPending: 1_024,
    idleLimitMs: 60_000,
    hardLimitMs: 60_000,
    backoffMs: grow(1_000, 2, minutes(1)),
  },
  /** Calls something outside and is done within seconds. */
  job: {
    ackWaitMs: 60_000,
    heartbeatMs: 20_000,
    attempts: 8,
    inFlight: 4,
    concurrency: 4,
    batch: 1,
    maxAckPending: 64,
    idleLimitMs: minutes(2),
    hardLimitMs: minutes(5),
    backoffMs: grow(5_000, 3, minutes(10)),
  },
  /** Streams from a model for minutes. */
  llm: {
    ackWaitMs: 60_000,
    heartbeatMs: 20_000,
    attempts: 4,
    inFlight: 2,
    concurrency: 2,
    batch: 1,
    maxAckPending: 64,
    idleLimitMs: minutes(2),
    hardLimitMs: minutes(10),
    backoffMs: grow(30_000, 2, minutes(10)),
  },
};

/**
 * Deliveries the broker allows beyond the attempts: they are for writing the dead letter when the process died in the
 * handler every time, or when the dead letter could not be written at first.
 */
export const SPARE_DELIVERIES = 5;

/** Spreads what failed together, so that it doesn't come back together. @param random 0 to 1 */
export function withJitter(ms: number, random: number): number {
  return Math.round(ms * (0.8 + 0.4 * random));
}
