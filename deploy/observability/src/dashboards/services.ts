import type { Dashboard } from "./grafana.ts";

const SERVED = 'service=~"$service"';
const FAULTS = 'code=~"Internal|Unknown|DataLoss|Unavailable|DeadlineExceeded"';

export const services: Dashboard = {
  uid: "services",
  title: "Services",
  description: "Rate, errors and duration of every call, and how each process is doing.",
  filters: [{ name: "service", label: "Service", from: "lm_ready" }],
  rows: [
    {
      title: "Calls served",
      panels: [
        {
          title: "Rate",
          description: "Calls a second.",
          kind: "lines",
          unit: "reqps",
          targets: [
            {
              expr: `sum by (service) (rate(lm_rpc_server_duration_seconds_count{${SERVED}}[$__rate_interval]))`,
              legend: "{{service}}",
            },
          ],
        },
        {
          title: "Errors",
          description: "Share of calls that failed for the service's own reasons.",
          kind: "lines",
          unit: "percentunit",
          targets: [
            {
              expr: `sum by (service) (rate(lm_rpc_server_duration_seconds_count{${SERVED},${FAULTS}}[$__rate_interval])) / sum by (service) (rate(lm_rpc_server_duration_seconds_count{${SERVED}}[$__rate_interval]))`,
              legend: "{{service}}",
            },
          ],
          thresholds: { warn: 0.01, bad: 0.05 },
          runbook: "calls-fail.md",
        },
        {
          title: "Duration, p99",
          description: "One call in a hundred takes longer.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: `histogram_quantile(0.99, sum by (service, le) (rate(lm_rpc_server_duration_seconds_bucket{${SERVED}}[$__rate_interval])))`,
              legend: "{{service}}",
            },
          ],
          thresholds: { warn: 0.5, bad: 2.5 },
        },
        {
          title: "Slowest methods",
          description: "The ten methods with the longest p95 of the last 15 minutes.",
          kind: "table",
          unit: "s",
          width: 12,
          targets: [
            {
              expr: `topk(10, histogram_quantile(0.95, sum by (rpc_service, rpc_method, le) (rate(lm_rpc_server_duration_seconds_bucket{${SERVED}}[15m]))))`,
              legend: "{{rpc_method}}",
            },
          ],
        },
        {
          title: "Methods that fail",
          description:
            "The ten methods with the most errors of the last 15 minutes, the callers' own left out.",
          kind: "table",
          unit: "short",
          width: 12,
          targets: [
            {
              expr: `topk(10, sum by (rpc_service, rpc_method, code) (increase(lm_rpc_server_duration_seconds_count{${SERVED},${FAULTS}}[15m])) > 0)`,
              legend: "{{rpc_method}}",
            },
          ],
          runbook: "calls-fail.md",
        },
      ],
    },
    {
      title: "Calls to others",
      panels: [
        {
          title: "Duration, p95",
          description: "How long this service waits for others, retries included.",
          kind: "lines",
          unit: "s",
          width: 12,
          targets: [
            {
              expr: `histogram_quantile(0.95, sum by (service, rpc_service, le) (rate(lm_rpc_client_duration_seconds_bucket{${SERVED}}[$__rate_interval])))`,
              legend: "{{service}} → {{rpc_service}}",
            },
          ],
        },
        {
          title: "Tried again",
          description: "Calls that found nobody there and were made again.",
          kind: "lines",
          unit: "reqps",
          width: 12,
          targets: [
            {
              expr: `sum by (service, rpc_service) (rate(lm_rpc_client_retries_total{${SERVED}}[$__rate_interval]))`,
              legend: "{{service}} → {{rpc_service}}",
            },
          ],
        },
      ],
    },
    {
      title: "Processes",
      panels: [
        {
          title: "Event-loop lag, p99",
          description: "A lag of a quarter of a second is felt by everybody who waits for this process.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: `max by (job, instance) (nodejs_eventloop_lag_p99_seconds{${SERVED}})`,
              legend: "{{job}} {{instance}}",
            },
          ],
          thresholds: { warn: 0.1, bad: 0.25 },
          runbook: "event-loop-lag.md",
        },
        {
          title: "Processor",
          description: "Cores in use; one process uses little more than one.",
          kind: "lines",
          unit: "short",
          targets: [
            {
              expr: `rate(process_cpu_seconds_total{${SERVED}}[$__rate_interval])`,
              legend: "{{job}} {{instance}}",
            },
          ],
          thresholds: { warn: 0.7, bad: 0.95 },
        },
        {
          title: "Garbage collection",
          description: "Share of time spent on full collections.",
          kind: "lines",
          unit: "percentunit",
          targets: [
            {
              expr: `sum by (job, instance) (rate(nodejs_gc_duration_seconds_sum{${SERVED},kind="major"}[$__rate_interval]))`,
              legend: "{{job}} {{instance}}",
            },
          ],
          thresholds: { warn: 0.05, bad: 0.1 },
          runbook: "short-of-memory.md",
        },
        {
          title: "Heap",
          description: "Bytes of JavaScript objects.",
          kind: "lines",
          unit: "bytes",
          targets: [{ expr: `nodejs_heap_size_used_bytes{${SERVED}}`, legend: "{{job}} {{instance}}" }],
        },
        {
          title: "Resident memory",
          description: "What the system sees of it.",
          kind: "lines",
          unit: "bytes",
          targets: [{ expr: `process_resident_memory_bytes{${SERVED}}`, legend: "{{job}} {{instance}}" }],
        },
        {
          title: "Scheduled tasks",
          description: "Runs an hour, by how they ended.",
          kind: "bars",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: `sum by (schedule, outcome) (increase(lm_schedule_runs_total{${SERVED}}[1h]))`,
              legend: "{{schedule}} {{outcome}}",
            },
          ],
          runbook: "scheduled-task-fails.md",
        },
      ],
    },
  ],
};
