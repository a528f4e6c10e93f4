import type { Dashboard } from "./grafana.ts";

export const messaging: Dashboard = {
  uid: "messaging",
  title: "Messaging",
  description: "Events from their outbox over the broker to their consumers.",
  filters: [{ name: "durable", label: "Consumer", from: "lm_consumer_lag" }],
  rows: [
    {
      title: "Outboxes",
      panels: [
        {
          title: "Oldest unsent event",
          description: "Age; seconds at most while the broker is well.",
          kind: "lines",
          unit: "s",
          targets: [{ expr: "max by (service) (lm_outbox_oldest_age_seconds)", legend: "{{service}}" }],
          thresholds: { warn: 10, bad: 30 },
          runbook: "outbox-stuck.md",
        },
        {
          title: "Unsent events",
          description: "Rows the broker has not acknowledged.",
          kind: "lines",
          unit: "short",
          targets: [{ expr: "max by (service) (lm_outbox_pending)", legend: "{{service}}" }],
          runbook: "outbox-stuck.md",
        },
        {
          title: "Sent and refused",
          description: "Events a second.",
          kind: "lines",
          unit: "short",
          targets: [
            {
              expr: "sum by (service) (rate(lm_outbox_published_total[$__rate_interval]))",
              legend: "{{service}}",
            },
            {
              expr: "sum by (service) (rate(lm_outbox_refused_total[$__rate_interval])) > 0",
              legend: "{{service}} refused",
            },
          ],
        },
      ],
    },
    {
      title: "Consumers",
      panels: [
        {
          title: "Oldest unsettled event",
          description: "How far behind each consumer is in time.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: 'max by (durable) (lm_consumer_oldest_age_seconds{durable=~"$durable"})',
              legend: "{{durable}}",
            },
          ],
          thresholds: { warn: 10, bad: 30 },
          runbook: "consumer-behind.md",
        },
        {
          title: "Waiting",
          description: "Events a consumer has not been given yet.",
          kind: "lines",
          unit: "short",
          targets: [
            {
              expr: 'sum by (durable) (max by (stream, durable) (lm_consumer_lag{durable=~"$durable"}))',
              legend: "{{durable}}",
            },
          ],
          runbook: "consumer-behind.md",
        },
        {
          title: "In hand",
          description: "Given to a consumer and not settled; and of these, those that came before.",
          kind: "lines",
          unit: "short",
          targets: [
            {
              expr: 'sum by (durable) (max by (stream, durable) (lm_consumer_in_hand{durable=~"$durable"}))',
              legend: "{{durable}}",
            },
            {
              expr: 'sum by (durable) (max by (stream, durable) (lm_consumer_redelivered{durable=~"$durable"})) > 0',
              legend: "{{durable}} again",
            },
          ],
        },
        {
          title: "Rate",
          description: "Events a second, by what became of them.",
          kind: "lines",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: 'sum by (durable, outcome) (rate(lm_consumer_outcomes_total{durable=~"$durable"}[$__rate_interval]))',
              legend: "{{durable}} {{outcome}}",
            },
          ],
        },
        {
          title: "Duration, p95",
          description: "Of handling one event, or a batch that commits together.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: 'histogram_quantile(0.95, sum by (durable, le) (rate(lm_consumer_duration_seconds_bucket{durable=~"$durable"}[$__rate_interval])))',
              legend: "{{durable}}",
            },
          ],
        },
        {
          title: "Delay, p95",
          description: "From an event's arrival at the broker to its effect.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: 'histogram_quantile(0.95, sum by (durable, le) (rate(lm_consumer_delay_seconds_bucket{durable=~"$durable"}[$__rate_interval])))',
              legend: "{{durable}}",
            },
          ],
          thresholds: { warn: 5, bad: 30 },
        },
        {
          title: "Redelivered",
          description: "Share of handled events that came before.",
          kind: "lines",
          unit: "percentunit",
          width: 12,
          targets: [
            {
              expr: 'sum by (durable) (rate(lm_consumer_redeliveries_total{durable=~"$durable"}[10m])) / sum by (durable) (rate(lm_consumer_outcomes_total{durable=~"$durable"}[10m]))',
              legend: "{{durable}}",
            },
          ],
          thresholds: { warn: 0.05, bad: 0.2 },
          runbook: "consumer-redelivers.md",
        },
        {
          title: "Dead letters",
          description: "They wait for a person.",
          kind: "lines",
          unit: "short",
          width: 12,
          targets: [
            { expr: "max by (durable, stream) (lm_dead_letters)", legend: "{{durable}} on {{stream}}" },
          ],
          thresholds: { warn: 1, bad: 10 },
          runbook: "dead-letters.md",
        },
      ],
    },
    {
      title: "Broker",
      panels: [
        {
          title: "How full",
          description: "Share of what a stream may hold.",
          kind: "lines",
          unit: "percentunit",
          max: 1,
          targets: [
            { expr: "max by (stream) (lm_stream_bytes / lm_stream_max_bytes)", legend: "{{stream}}" },
            {
              expr: "max by (stream) (lm_stream_messages / lm_stream_max_messages)",
              legend: "{{stream}} (messages)",
            },
          ],
          thresholds: { warn: 0.7, bad: 0.85 },
          runbook: "stream-nearly-full.md",
        },
        {
          title: "Messages",
          description: "What streams hold.",
          kind: "lines",
          unit: "short",
          targets: [{ expr: "max by (stream) (lm_stream_messages)", legend: "{{stream}}" }],
        },
        {
          title: "On disk",
          description: "Bytes of all streams.",
          kind: "lines",
          unit: "bytes",
          targets: [{ expr: "max(lm_broker_storage_bytes)", legend: "all streams" }],
        },
      ],
    },
  ],
};
