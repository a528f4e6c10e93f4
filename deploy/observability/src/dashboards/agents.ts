import { spentUsd } from "../alerts/work.ts";
import type { Dashboard } from "./grafana.ts";

export const agents: Dashboard = {
  uid: "agents",
  title: "Agents and cost",
  description: "What agents do, how long people wait for them, and what the models cost.",
  rows: [
    {
      title: "Now",
      panels: [
        {
          title: "Runs under way",
          description: "Runs that have not ended.",
          kind: "stat",
          unit: "short",
          width: 6,
          targets: [{ expr: "sum(max by (role, status) (lm_agent_runs_open)) or vector(0)", legend: "runs" }],
        },
        {
          title: "First in line waits",
          description: "How long the run that waits longest has been waiting.",
          kind: "stat",
          unit: "s",
          width: 6,
          targets: [{ expr: "max(lm_agent_runs_oldest_wait_seconds)", legend: "wait" }],
          thresholds: { warn: 120, bad: 900 },
          runbook: "runs-wait.md",
        },
        {
          title: "Spent, 1 h",
          description: "Dollars.",
          kind: "stat",
          unit: "currencyUSD",
          width: 6,
          targets: [{ expr: spentUsd("1h"), legend: "USD" }],
          runbook: "spend-anomaly.md",
        },
        {
          title: "Spent, 30 d",
          description: "Dollars.",
          kind: "stat",
          unit: "currencyUSD",
          width: 6,
          targets: [{ expr: spentUsd("30d"), legend: "USD" }],
        },
      ],
    },
    {
      title: "Runs",
      panels: [
        {
          title: "Open runs",
          description: "By state: those that wait for credits or for a setting wait for a person.",
          kind: "lines",
          unit: "short",
          stacked: true,
          targets: [
            { expr: "sum by (status) (max by (role, status) (lm_agent_runs_open))", legend: "{{status}}" },
          ],
        },
        {
          title: "Ended",
          description: "Runs that came to an end, by how.",
          kind: "bars",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: "sum by (status) (increase(lm_agent_runs_total[$__rate_interval]))",
              legend: "{{status}}",
            },
          ],
        },
        {
          title: "Failed, by role",
          description: "Runs that gave up.",
          kind: "bars",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: 'sum by (role) (increase(lm_agent_runs_total{status="failed"}[$__rate_interval]))',
              legend: "{{role}}",
            },
          ],
          runbook: "provider-fails.md",
        },
        {
          title: "Wait for a worker, p95",
          description: "From a run's request to its start, by lane.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: "histogram_quantile(0.95, sum by (lane, le) (rate(lm_agent_run_wait_seconds_bucket[$__rate_interval])))",
              legend: "{{lane}}",
            },
          ],
          thresholds: { warn: 60, bad: 900 },
          runbook: "runs-wait.md",
        },
        {
          title: "Duration, p95",
          description: "From a run's start to its end, by role.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: "histogram_quantile(0.95, sum by (role, le) (rate(lm_agent_run_duration_seconds_bucket[$__rate_interval])))",
              legend: "{{role}}",
            },
          ],
        },
        {
          title: "Drafts in review",
          description: "Activities that came to a reviewer, by content type.",
          kind: "bars",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: 'sum by (content_type) (increase(lm_activity_transitions_total{status="dm_review"}[$__rate_interval]))',
              legend: "{{content_type}}",
            },
          ],
        },
      ],
    },
    {
      title: "Models",
      panels: [
        {
          title: "Calls",
          description:
            "Calls of models by what became of them. Unusable is the model's fault, failed the provider's.",
          kind: "lines",
          unit: "reqps",
          stacked: true,
          targets: [
            {
              expr: "sum by (adapter, outcome) (rate(lm_llm_calls_total[$__rate_interval]))",
              legend: "{{adapter}} {{outcome}}",
            },
          ],
          runbook: "provider-fails.md",
        },
        {
          title: "Share that fails",
          description: "Of the calls of the last ten minutes.",
          kind: "lines",
          unit: "percentunit",
          targets: [
            {
              expr: 'sum by (adapter) (increase(lm_llm_calls_total{outcome="failed"}[10m])) / sum by (adapter) (increase(lm_llm_calls_total{outcome!="cancelled"}[10m]))',
              legend: "{{adapter}}",
            },
          ],
          thresholds: { warn: 0.1, bad: 0.3 },
          runbook: "provider-fails.md",
        },
        {
          title: "Duration, p95",
          description: "Of one call, by model.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: "histogram_quantile(0.95, sum by (model, le) (rate(lm_llm_call_duration_seconds_bucket[$__rate_interval])))",
              legend: "{{model}}",
            },
          ],
        },
        {
          title: "Tokens",
          description: "A second, by model and direction.",
          kind: "lines",
          unit: "short",
          targets: [
            {
              expr: "sum by (model, direction) (rate(lm_llm_tokens_total[$__rate_interval]))",
              legend: "{{model}} {{direction}}",
            },
          ],
        },
        {
          title: "Cost",
          description: "Dollars an hour, by model.",
          kind: "lines",
          unit: "currencyUSD",
          stacked: true,
          targets: [
            {
              expr: "sum by (model) (rate(lm_llm_cost_micro_usd_total[$__rate_interval])) * 3600 / 1000000",
              legend: "{{model}}",
            },
          ],
          runbook: "spend-anomaly.md",
        },
        {
          title: "Cost of a run",
          description: "Dollars, the mean of the last hour.",
          kind: "lines",
          unit: "currencyUSD",
          targets: [
            {
              expr: "sum(increase(lm_llm_cost_micro_usd_total[1h])) / sum(increase(lm_agent_runs_total[1h])) / 1000000",
              legend: "mean",
            },
          ],
        },
      ],
    },
  ],
};
