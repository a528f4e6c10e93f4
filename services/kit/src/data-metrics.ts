import { METRICS } from "./telemetry/metric-catalogue.ts";
import { counter, gauge, histogram } from "./telemetry/metrics.ts";

/** Rows of the outbox that the broker has not acknowledged yet. */
export const outboxPending = gauge(METRICS.outboxPending);
export const outboxOldestAge = gauge(METRICS.outboxOldestAge);
export const outboxPublished = counter(METRICS.outboxPublished);
export const outboxRefused = counter(METRICS.outboxRefused);

export const consumerSeconds = histogram(METRICS.consumerSeconds);
export const consumerOutcomes = counter(METRICS.consumerOutcomes);
export const consumerRedeliveries = counter(METRICS.consumerRedeliveries);
export const consumerDelay = histogram(METRICS.consumerDelay);
export const scheduleRuns = counter(METRICS.scheduleRuns);

export const poolConnections = gauge(METRICS.poolConnections);
export const poolSize = gauge(METRICS.poolSize);
export const poolWaiting = gauge(METRICS.poolWaiting);
export const poolWait = histogram(METRICS.poolWait);
