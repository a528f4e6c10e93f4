import type { AlertGroup } from "./alert.ts";

const DURABLE = 'stream="EVT_CONTENT",durable="search-documents"';
const handled = 'service="search",durable="search-documents"';

export const messaging: AlertGroup = {
  name: "messaging",
  alerts: [
    {
      name: "OutboxStuck",
      severity: "page",
      expr: "max by (service) (lm_outbox_oldest_age_seconds) > 30",
      for: "2m",
      summary: "Events of {{ $labels.service }} don't go out",
      description:
        "The oldest has waited for {{ $value | humanizeDuration }}. Nothing is lost; what should follow from them doesn't happen.",
      fires: { 'lm_outbox_oldest_age_seconds{service="content"}': "0x10 60+60x30" },
      quiet: { 'lm_outbox_oldest_age_seconds{service="content"}': "0x28 40x1 0x20" },
    },
    {
      // Of events only: a job is in hand for as long as the agent works on it.
      name: "ConsumerBehind",
      severity: "page",
      expr: 'max by (stream, durable) (lm_consumer_oldest_age_seconds{stream=~"EVT_.*"}) > 30',
      for: "5m",
      summary: "{{ $labels.durable }} is behind on {{ $labels.stream }}",
      description: "Its oldest unsettled event is {{ $value | humanizeDuration }} old.",
      fires: { [`lm_consumer_oldest_age_seconds{${DURABLE}}`]: "0x10 60+60x30" },
      quiet: { [`lm_consumer_oldest_age_seconds{${DURABLE}}`]: "2x40" },
    },
    {
      name: "ConsumerRedelivers",
      severity: "ticket",
      expr: `sum by (service, durable) (rate(lm_consumer_redeliveries_total[10m]))
  / sum by (service, durable) (rate(lm_consumer_outcomes_total[10m])) > 0.2
and
sum by (service, durable) (increase(lm_consumer_redeliveries_total[10m])) > 10`,
      for: "10m",
      summary: "{{ $labels.durable }} handles events more than once",
      description:
        "{{ $value | humanizePercentage }} of what it handles came before: its handler fails or takes too long.",
      fires: {
        [`lm_consumer_redeliveries_total{${handled}}`]: "0+5x40",
        [`lm_consumer_outcomes_total{${handled},outcome="retry"}`]: "0+5x40",
        [`lm_consumer_outcomes_total{${handled},outcome="ok"}`]: "0+5x40",
      },
      quiet: {
        [`lm_consumer_redeliveries_total{${handled}}`]: "0+5x40",
        [`lm_consumer_outcomes_total{${handled},outcome="ok"}`]: "0+500x40",
      },
    },
    {
      name: "DeadLetters",
      severity: "ticket",
      expr: "max by (stream, durable) (lm_dead_letters) > 0",
      for: "1m",
      summary: "{{ $labels.durable }} could not handle {{ $value }} events",
      description: "They are kept and wait for a person to look at them and to send them again.",
      fires: { [`lm_dead_letters{${DURABLE}}`]: "_x10 1x30" },
      quiet: { [`lm_dead_letters{${DURABLE}}`]: "3x10 0x30" },
    },
    {
      name: "StreamNearlyFull",
      severity: "page",
      expr: `max by (stream) (lm_stream_bytes / lm_stream_max_bytes) > 0.85
or
max by (stream) (lm_stream_messages / lm_stream_max_messages) > 0.85`,
      for: "5m",
      summary: "The stream {{ $labels.stream }} is nearly full",
      description:
        "It is {{ $value | humanizePercentage }} full. Work queues refuse what comes next; event streams forget their oldest events early.",
      fires: {
        'lm_stream_bytes{stream="EVT_CONTENT"}': "900x40",
        'lm_stream_max_bytes{stream="EVT_CONTENT"}': "1000x40",
      },
      quiet: {
        'lm_stream_bytes{stream="EVT_CONTENT"}': "500x40",
        'lm_stream_max_bytes{stream="EVT_CONTENT"}': "1000x40",
        'lm_stream_messages{stream="JOBS_AGENTS"}': "12x40",
        'lm_stream_max_messages{stream="JOBS_AGENTS"}': "10000x40",
      },
    },
  ],
};
