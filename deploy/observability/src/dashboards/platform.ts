import { ERROR_BUDGET, errorShare, SLOW_AFTER_S, slowShare } from "../alerts/gateway.ts";
import { spentUsd } from "../alerts/work.ts";
import type { Dashboard } from "./grafana.ts";

export const platform: Dashboard = {
  uid: "platform",
  title: "Platform",
  description: "Is it well? Start here; the other dashboards have the parts.",
  rows: [
    {
      title: "Now",
      panels: [
        {
          title: "Alarms",
          description: "Alarms that are going off.",
          kind: "stat",
          unit: "short",
          width: 4,
          targets: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: "alarms" }],
          thresholds: { warn: 1, bad: 3 },
        },
        {
          title: "Processes up",
          description: "Share of processes that answer Prometheus.",
          kind: "stat",
          unit: "percentunit",
          width: 4,
          max: 1,
          targets: [{ expr: "avg(up)", legend: "up" }],
          thresholds: { warn: 1, bad: 0.9, lowIsBad: true },
          runbook: "process-down.md",
        },
        {
          title: "Failed requests, 1 h",
          description: `Share of the gateway's answers with 5xx; the month may have ${ERROR_BUDGET * 100} %.`,
          kind: "stat",
          unit: "percentunit",
          width: 4,
          targets: [{ expr: errorShare("1h"), legend: "failed" }],
          thresholds: { warn: ERROR_BUDGET, bad: ERROR_BUDGET * 6 },
          runbook: "gateway-errors-fast.md",
        },
        {
          title: "Slow requests, 1 h",
          description: `Share of answers that took longer than ${SLOW_AFTER_S} s.`,
          kind: "stat",
          unit: "percentunit",
          width: 4,
          targets: [{ expr: slowShare("1h"), legend: "slow" }],
          thresholds: { warn: 0.01, bad: 0.06 },
          runbook: "gateway-slow.md",
        },
        {
          title: "Dead letters",
          description: "Events no consumer could handle and that wait for a person.",
          kind: "stat",
          unit: "short",
          width: 4,
          targets: [
            { expr: "sum(max by (stream, durable) (lm_dead_letters)) or vector(0)", legend: "letters" },
          ],
          thresholds: { warn: 1, bad: 10 },
          runbook: "dead-letters.md",
        },
        {
          title: "Spent on models, 24 h",
          description: "Dollars.",
          kind: "stat",
          unit: "currencyUSD",
          width: 4,
          targets: [{ expr: spentUsd("24h"), legend: "USD" }],
          runbook: "spend-anomaly.md",
        },
      ],
    },
    {
      title: "People's requests",
      panels: [
        {
          title: "Requests",
          description: "Answers of the gateway a second, by status.",
          kind: "lines",
          unit: "reqps",
          stacked: true,
          targets: [
            {
              expr: "sum by (status) (rate(lm_http_server_duration_seconds_count[$__rate_interval]))",
              legend: "{{status}}",
            },
          ],
        },
        {
          title: "Duration",
          description: "How long answers take, live streams left out.",
          kind: "lines",
          unit: "s",
          targets: [0.5, 0.95, 0.99].map((q) => ({
            expr: `histogram_quantile(${q}, sum by (le) (rate(lm_http_server_duration_seconds_bucket{route!~".*/events"}[$__rate_interval])))`,
            legend: `p${q * 100}`,
          })),
          thresholds: { warn: 0.5, bad: 1 },
          runbook: "gateway-slow.md",
        },
        {
          title: "Live listeners",
          description: "Browsers that are connected to the event stream.",
          kind: "lines",
          unit: "short",
          targets: [{ expr: "sum by (audience) (lm_sse_clients)", legend: "{{audience}}" }],
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          title: "Activities",
          description: "What is under way, by who owes the next move.",
          kind: "lines",
          unit: "short",
          stacked: true,
          targets: [
            { expr: "sum by (owed_by) (max by (status, owed_by) (lm_activities))", legend: "{{owed_by}}" },
          ],
        },
        {
          title: "Stuck",
          description: "Activities nobody moves on, and those past their promise. Nobody's must be zero.",
          kind: "lines",
          unit: "short",
          targets: [
            {
              expr: 'max by (why) (lm_activities_stuck{why=~"nobody_owes|past_promise"})',
              legend: "{{why}}",
            },
          ],
          thresholds: { warn: 1, bad: 5 },
          runbook: "stuck-activities.md",
        },
        {
          title: "Publications",
          description: "What became of attempts to publish.",
          kind: "bars",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: "sum by (outcome) (increase(lm_publications_total[$__rate_interval]))",
              legend: "{{outcome}}",
            },
          ],
          runbook: "publications-fail.md",
        },
        {
          title: "Unconfirmed for",
          description: "How long it hasn't been known of the oldest publication whether it is there.",
          kind: "lines",
          unit: "s",
          targets: [{ expr: "max(lm_publication_unconfirmed_oldest_age_seconds)", legend: "oldest" }],
          thresholds: { warn: 300, bad: 900 },
          runbook: "unconfirmed-publications.md",
        },
        {
          title: "Slots at risk",
          description: "Posts due within two days on channels that would refuse them.",
          kind: "lines",
          unit: "short",
          targets: [{ expr: "max by (why) (lm_channel_slots_at_risk)", legend: "{{why}}" }],
          thresholds: { warn: 1, bad: 5 },
          runbook: "channel-before-slot.md",
        },
        {
          title: "Credits",
          description: "Credits booked, by what for.",
          kind: "bars",
          unit: "short",
          stacked: true,
          targets: [
            { expr: "sum by (kind) (increase(lm_credits_total[$__rate_interval]))", legend: "{{kind}}" },
          ],
        },
      ],
    },
    {
      title: "Readiness",
      panels: [
        {
          title: "Checks that fail",
          description: "Processes whose database or broker doesn't answer.",
          kind: "lines",
          unit: "short",
          width: 12,
          targets: [{ expr: "count by (service, check) (lm_ready == 0)", legend: "{{service}} {{check}}" }],
          thresholds: { warn: 1, bad: 2 },
          runbook: "database-unreachable.md",
        },
        {
          title: "Measurements that fail",
          description: "Looks that could not be taken; the alarms on them are blind.",
          kind: "lines",
          unit: "short",
          width: 12,
          targets: [
            {
              expr: "sum by (job, sampler) (increase(lm_sample_failures_total[$__rate_interval])) > 0",
              legend: "{{job}} {{sampler}}",
            },
          ],
          runbook: "measurements-missing.md",
        },
      ],
    },
  ],
};
