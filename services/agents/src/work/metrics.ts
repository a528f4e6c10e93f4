import { Counter, Histogram, metrics } from "@leadmetrics/kit";
import type { RunRow } from "../db.ts";

const registers = [metrics];

const ended = new Counter({
  name: "lm_agent_runs_total",
  help: "Runs that came to an end, by role and how",
  labelNames: ["role", "status"],
  registers,
});
const waited = new Histogram({
  name: "lm_agent_run_wait_seconds",
  help: "From a run's request to its start",
  labelNames: ["lane"],
  buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 300, 1_800],
  registers,
});
const tokens = new Counter({
  name: "lm_llm_tokens_total",
  help: "Tokens of ended runs, by model and direction",
  labelNames: ["adapter", "model", "direction"],
  registers,
});
const cost = new Counter({
  name: "lm_llm_cost_micro_usd_total",
  help: "What ended runs cost, in millionths of a US dollar",
  labelNames: ["adapter", "model"],
  registers,
});

/** Counts a run that came to an end. */
export function runEnded(run: RunRow): void {
  ended.inc({ role: run.role, status: run.status });
  const { adapter, model } = run;
  tokens.inc({ adapter, model, direction: "in" }, run.input_tokens);
  tokens.inc({ adapter, model, direction: "out" }, run.output_tokens);
  cost.inc({ adapter, model }, run.cost_micro_usd);
  if (run.started_on) {
    waited.observe({ lane: run.lane }, (run.started_on.getTime() - run.requested_on.getTime()) / 1_000);
  }
}
