import {
  bounded,
  counter,
  type Database,
  gauge,
  histogram,
  METRICS,
  OTHER,
  type Sampler,
} from "@leadmetrics/kit";
import { sql } from "kysely";
import { ADAPTERS } from "../adapters/port.ts";
import type { AgentsDb, RunRow } from "../db.ts";
import type { Call } from "../prompt/produce.ts";
import { roleNamed } from "../roles/index.ts";

const ended = counter(METRICS.runsEnded);
const waited = histogram(METRICS.runWait);
const took = histogram(METRICS.runSeconds);
const tokens = counter(METRICS.llmTokens);
const cost = counter(METRICS.llmCost);
const calls = counter(METRICS.llmCalls);
const probes = counter(METRICS.llmProbes);
const callTook = histogram(METRICS.llmSeconds);
const open = gauge(METRICS.runsOpen);
const oldestWait = gauge(METRICS.runsOldestWait);

// From the first scrape on: a counter that appears with its first failure has not risen as far as Prometheus knows.
for (const adapter of ADAPTERS) {
  for (const outcome of ["ok", "unusable", "failed"]) calls.inc({ adapter, outcome }, 0);
  for (const outcome of ["ok", "failed"]) probes.inc({ adapter, outcome }, 0);
}

const HOLDS_MS = 10_000;

/** Roles that aren't in the code any more count together. */
const roleLabel = (role: string): string => roleNamed(role)?.name ?? OTHER;

const seconds = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / 1_000;

/** Counts a run that came to an end. */
export function runEnded(run: RunRow): void {
  const role = roleLabel(run.role);
  ended.inc({ role, status: run.status });
  const { adapter } = run;
  const model = bounded("model", run.model);
  tokens.inc({ adapter, model, direction: "in" }, run.input_tokens);
  tokens.inc({ adapter, model, direction: "out" }, run.output_tokens);
  cost.inc({ adapter, model }, run.cost_micro_usd);
  if (!run.started_on) return;
  waited.observe({ lane: run.lane }, seconds(run.requested_on, run.started_on));
  if (run.finished_on) took.observe({ role }, seconds(run.started_on, run.finished_on));
}

/** An answer that doesn't fit is the model's fault, a call that was stopped is nobody's: only the rest is the provider's. */
const outcomeLabel = (outcome: string): string => {
  if (outcome === "ok" || outcome === "cancelled") return outcome;
  return outcome === "invalid_output" ? "unusable" : "failed";
};

/** Counts a call of a model, whatever became of it. */
export function modelCalled(adapter: string, { request, outcome, durationMs }: Call): void {
  calls.inc({ adapter, outcome: outcomeLabel(outcome) });
  callTook.observe({ adapter, model: bounded("model", request.model) }, durationMs / 1_000);
}

/** Counts a test of an adapter: while it fails, runs wait and no call is made that could fail. */
export function adapterTested(adapter: string, ok: boolean): void {
  probes.inc({ adapter, outcome: ok ? "ok" : "failed" });
}

/** Runs that wait or are under way. */
export function runSampler(db: Database<AgentsDb>): Sampler {
  return {
    name: "runs",
    holdsMs: HOLDS_MS,
    gauges: [open, oldestWait],
    async take() {
      const rows = await db.withSystem("measure runs", async (tx) => {
        const found = await sql<{ role: string; status: string; runs: number; wait: number }>`
          select role, status, count(*) as runs,
            coalesce(extract(epoch from now() - min(requested_on) filter (where status in ('requested', 'admitted'))), 0)::float8 as wait
          from agent_run where status in ('requested', 'admitted', 'working', 'awaiting_credits', 'awaiting_config')
          group by role, status`.execute(tx);
        return found.rows;
      });
      open.reset();
      for (const { role, status, runs } of rows) open.inc({ role: roleLabel(role), status }, runs);
      oldestWait.set(Math.max(0, ...rows.map(({ wait }) => wait)));
    },
  };
}
