import type { AlertGroup } from "./alert.ts";

const LABELS = 'job="content",instance="content:9090"';
const ready = (check: string) => `lm_ready{${LABELS},service="content",check="${check}"}`;
const rpc = (code: string) =>
  `lm_rpc_server_duration_seconds_count{${LABELS},rpc_service="leadmetrics.content.v1.PlansService",rpc_method="ListPlans",code="${code}"}`;
const poolWait = (le: string) =>
  `lm_db_pool_wait_seconds_bucket{${LABELS},service="content",pool="app",le="${le}"}`;

/** What the caller can't help. */
const FAULTS = 'code=~"Internal|Unknown|DataLoss|Unavailable|DeadlineExceeded"';

export const processes: AlertGroup = {
  name: "processes",
  alerts: [
    {
      name: "ProcessDown",
      severity: "page",
      expr: "up == 0",
      for: "2m",
      summary: "{{ $labels.job }} doesn't answer",
      description: "{{ $labels.instance }} of {{ $labels.job }} has not answered for two minutes.",
      fires: { 'up{job="search",instance="search:9090"}': "1x5 0x40" },
      quiet: { 'up{job="search",instance="search:9090"}': "1x28 0x1 1x20" },
    },
    {
      name: "DatabaseUnreachable",
      severity: "page",
      expr: 'min by (service) (lm_ready{check="database"}) == 0',
      for: "1m",
      summary: "{{ $labels.service }} can't reach its database",
      description: "At least one process of {{ $labels.service }} gets no answer from Postgres.",
      fires: { [ready("database")]: "1x10 0x30" },
      quiet: { [ready("database")]: "1x40", [ready("broker")]: "0x40" },
    },
    {
      name: "BrokerUnreachable",
      severity: "page",
      expr: 'min by (service) (lm_ready{check="broker"}) == 0',
      for: "1m",
      summary: "{{ $labels.service }} can't reach NATS",
      description:
        "At least one process of {{ $labels.service }} has lost the broker. Events wait in the outbox.",
      fires: { [ready("broker")]: "1x10 0x30" },
      quiet: { [ready("broker")]: "1x40", [ready("database")]: "0x40" },
    },
    {
      name: "CallsFail",
      severity: "page",
      expr: `sum by (rpc_service) (rate(lm_rpc_server_duration_seconds_count{${FAULTS}}[5m]))
  / sum by (rpc_service) (rate(lm_rpc_server_duration_seconds_count[5m])) > 0.05
and
sum by (rpc_service) (rate(lm_rpc_server_duration_seconds_count[5m])) > 0.1`,
      for: "5m",
      summary: "{{ $labels.rpc_service }} fails",
      description: "{{ $value | humanizePercentage }} of its calls fail for reasons of its own.",
      fires: { [rpc("ok")]: "0+50x40", [rpc("Internal")]: "0+10x40" },
      quiet: { [rpc("ok")]: "0+50x40", [rpc("NotFound")]: "0+10x40" },
    },
    {
      name: "EventLoopLag",
      severity: "ticket",
      expr: "max by (job, instance) (nodejs_eventloop_lag_p99_seconds) > 0.25",
      for: "5m",
      summary: "{{ $labels.instance }} of {{ $labels.job }} is too busy to answer in time",
      description: "One in a hundred turns of its event loop comes {{ $value | humanizeDuration }} late.",
      fires: { [`nodejs_eventloop_lag_p99_seconds{${LABELS}}`]: "0.4x40" },
      quiet: { [`nodejs_eventloop_lag_p99_seconds{${LABELS}}`]: "0.03x40" },
    },
    {
      name: "ShortOfMemory",
      severity: "ticket",
      expr: 'sum by (job, instance) (rate(nodejs_gc_duration_seconds_sum{kind="major"}[5m])) > 0.1',
      for: "10m",
      summary: "{{ $labels.instance }} of {{ $labels.job }} collects garbage all the time",
      description:
        "Full collections take {{ $value | humanizePercentage }} of its time: the heap is close to its limit.",
      fires: { [`nodejs_gc_duration_seconds_sum{${LABELS},kind="major"}`]: "0+12x40" },
      quiet: {
        [`nodejs_gc_duration_seconds_sum{${LABELS},kind="major"}`]: "0+1x40",
        [`nodejs_gc_duration_seconds_sum{${LABELS},kind="minor"}`]: "0+12x40",
      },
    },
    {
      name: "PoolWait",
      severity: "ticket",
      expr: `histogram_quantile(0.95, sum by (service, pool, le) (rate(lm_db_pool_wait_seconds_bucket[5m]))) > 0.5
and
max by (service, pool) (lm_db_pool_waiting) > 0`,
      for: "5m",
      summary: "{{ $labels.service }} waits for database connections",
      description:
        "One in twenty transactions of the pool {{ $labels.pool }} that finds no idle connection waits longer than {{ $value | humanizeDuration }}.",
      fires: {
        [poolWait("0.5")]: "0+10x40",
        [poolWait("1")]: "0+20x40",
        [poolWait("+Inf")]: "0+20x40",
        [`lm_db_pool_waiting{${LABELS},service="content",pool="app"}`]: "4x40",
      },
      quiet: {
        [poolWait("0.5")]: "0+10x40",
        [poolWait("1")]: "0+20x40",
        [poolWait("+Inf")]: "0+20x40",
        [`lm_db_pool_waiting{${LABELS},service="content",pool="app"}`]: "0x40",
      },
    },
    {
      name: "DatabaseDeadlocks",
      severity: "ticket",
      expr: "max by (service) (increase(lm_database_deadlocks_total[30m])) > 2",
      for: "0m",
      summary: "Transactions of {{ $labels.service }} lock each other out",
      description: "{{ $value | humanize }} deadlocks in half an hour.",
      fires: { [`lm_database_deadlocks_total{${LABELS},service="content"}`]: "0x10 5x30" },
      quiet: { [`lm_database_deadlocks_total{${LABELS},service="content"}`]: "5x10 6x30" },
    },
    {
      name: "ScheduledTaskFails",
      severity: "ticket",
      expr: 'sum by (service, schedule) (increase(lm_schedule_runs_total{outcome="failed"}[30m])) > 3',
      for: "0m",
      summary: "The scheduled task {{ $labels.schedule }} of {{ $labels.service }} fails",
      description: "It failed {{ $value | humanize }} times in half an hour.",
      fires: {
        [`lm_schedule_runs_total{${LABELS},service="content",schedule="content-publish",outcome="failed"}`]:
          "0+1x40",
      },
      quiet: {
        [`lm_schedule_runs_total{${LABELS},service="content",schedule="content-publish",outcome="failed"}`]:
          "0x20 1x20",
      },
    },
    {
      name: "MeasurementsMissing",
      severity: "ticket",
      expr: "sum by (job, sampler) (increase(lm_sample_failures_total[15m])) > 10",
      for: "5m",
      summary: "{{ $labels.job }} can't measure: {{ $labels.sampler }}",
      description: "Alarms that rest on these measurements are blind meanwhile.",
      fires: { [`lm_sample_failures_total{${LABELS},sampler="content"}`]: "0+2x40" },
      quiet: { [`lm_sample_failures_total{${LABELS},sampler="content"}`]: "0x10 3x30" },
    },
    {
      name: "DiskNearlyFull",
      severity: "page",
      expr: "min by (service, volume) (lm_disk_free_bytes / lm_disk_size_bytes) < 0.1",
      for: "5m",
      summary: "The disk for {{ $labels.volume }} of {{ $labels.service }} is nearly full",
      description: "{{ $value | humanizePercentage }} of it are free.",
      fires: {
        'lm_disk_free_bytes{service="rag",volume="files"}': "50x40",
        'lm_disk_size_bytes{service="rag",volume="files"}': "1000x40",
      },
      quiet: {
        'lm_disk_free_bytes{service="rag",volume="files"}': "500x40",
        'lm_disk_size_bytes{service="rag",volume="files"}': "1000x40",
      },
    },
  ],
};
