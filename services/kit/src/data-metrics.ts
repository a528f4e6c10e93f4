import { Counter, Gauge, Histogram } from "prom-client";
import { metrics } from "./telemetry/metrics.ts";

const registers = [metrics];

/** Rows of the outbox that the broker has not acknowledged yet. */
export const outboxPending = new Gauge({
  name: "lm_outbox_pending",
  help: "Events waiting to be sent",
  labelNames: ["service"],
  registers,
});
export const outboxOldestAge = new Gauge({
  name: "lm_outbox_oldest_age_seconds",
  help: "Age of the oldest event waiting to be sent",
  labelNames: ["service"],
  registers,
});
export const outboxPublished = new Counter({
  name: "lm_outbox_published_total",
  help: "Events sent",
  labelNames: ["service"],
  registers,
});

export const consumerSeconds = new Histogram({
  name: "lm_consumer_duration_seconds",
  help: "Duration of handling one event",
  labelNames: ["service", "durable"],
  buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600],
  registers,
});
export const consumerOutcomes = new Counter({
  name: "lm_consumer_outcomes_total",
  help: "Handled events by what became of them",
  labelNames: ["service", "durable", "outcome"],
  registers,
});
export const scheduleRuns = new Counter({
  name: "lm_schedule_runs_total",
  help: "Runs of scheduled tasks",
  labelNames: ["service", "schedule", "outcome"],
  registers,
});
