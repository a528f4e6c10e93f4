import type { Dashboard } from "./grafana.ts";

const OF = 'service=~"$service"';

export const postgres: Dashboard = {
  uid: "postgres",
  title: "Postgres",
  description: "Each service's database as the service sees it.",
  filters: [{ name: "service", label: "Service", from: "lm_database_size_bytes" }],
  rows: [
    {
      title: "Pools",
      panels: [
        {
          title: "Connections in use",
          description: "Share of what the pool may have.",
          kind: "lines",
          unit: "percentunit",
          max: 1,
          targets: [
            {
              expr: `max by (service, pool) (lm_db_pool_connections{${OF},state="in_use"} / ignoring (state) lm_db_pool_size{${OF}})`,
              legend: "{{service}} {{pool}}",
            },
          ],
          thresholds: { warn: 0.8, bad: 0.95 },
          runbook: "pool-wait.md",
        },
        {
          title: "Waiting",
          description: "Transactions that wait for a connection.",
          kind: "lines",
          unit: "short",
          targets: [
            { expr: `max by (service, pool) (lm_db_pool_waiting{${OF}})`, legend: "{{service}} {{pool}}" },
          ],
          thresholds: { warn: 1, bad: 10 },
          runbook: "pool-wait.md",
        },
        {
          title: "Wait, p95",
          description: "Of transactions that find no idle connection.",
          kind: "lines",
          unit: "s",
          targets: [
            {
              expr: `histogram_quantile(0.95, sum by (service, pool, le) (rate(lm_db_pool_wait_seconds_bucket{${OF}}[$__rate_interval])))`,
              legend: "{{service}} {{pool}}",
            },
          ],
          thresholds: { warn: 0.1, bad: 0.5 },
          runbook: "pool-wait.md",
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          title: "Transactions",
          description: "Committed a second.",
          kind: "lines",
          unit: "short",
          targets: [
            {
              expr: `max by (service) (rate(lm_database_transactions_total{${OF},outcome="committed"}[$__rate_interval]))`,
              legend: "{{service}}",
            },
          ],
        },
        {
          title: "Rolled back",
          description: "Share of transactions.",
          kind: "lines",
          unit: "percentunit",
          targets: [
            {
              expr: `max by (service) (rate(lm_database_transactions_total{${OF},outcome="rolled_back"}[$__rate_interval])) / max by (service) (sum by (service, instance) (rate(lm_database_transactions_total{${OF}}[$__rate_interval])))`,
              legend: "{{service}}",
            },
          ],
          thresholds: { warn: 0.05, bad: 0.2 },
        },
        {
          title: "Found in memory",
          description: "Share of blocks that did not come from disk.",
          kind: "lines",
          unit: "percentunit",
          max: 1,
          targets: [
            {
              expr: `max by (service) (rate(lm_database_blocks_total{${OF},source="cache"}[$__rate_interval])) / max by (service) (sum by (service, instance) (rate(lm_database_blocks_total{${OF}}[$__rate_interval])))`,
              legend: "{{service}}",
            },
          ],
          thresholds: { warn: 0.99, bad: 0.95, lowIsBad: true },
        },
        {
          title: "Deadlocks",
          description: "Transactions that locked each other out.",
          kind: "bars",
          unit: "short",
          targets: [
            {
              expr: `max by (service) (increase(lm_database_deadlocks_total{${OF}}[$__rate_interval]))`,
              legend: "{{service}}",
            },
          ],
          runbook: "database-deadlocks.md",
        },
        {
          title: "Spilled to disk",
          description: "Bytes a second of sorts and joins that don't fit into memory.",
          kind: "lines",
          unit: "Bps",
          targets: [
            {
              expr: `max by (service) (rate(lm_database_temp_bytes_total{${OF}}[$__rate_interval]))`,
              legend: "{{service}}",
            },
          ],
        },
        {
          title: "Sessions",
          description: "On each database, of all processes together.",
          kind: "lines",
          unit: "short",
          stacked: true,
          targets: [{ expr: `max by (service) (lm_database_connections{${OF}})`, legend: "{{service}}" }],
        },
      ],
    },
    {
      title: "Size",
      panels: [
        {
          title: "Databases",
          description: "On disk, indexes included.",
          kind: "lines",
          unit: "bytes",
          width: 12,
          stacked: true,
          targets: [{ expr: `max by (service) (lm_database_size_bytes{${OF}})`, legend: "{{service}}" }],
        },
        {
          title: "Disk of files, free",
          description: "Share of the disk on which rag keeps files, where that is a disk.",
          kind: "lines",
          unit: "percentunit",
          max: 1,
          width: 12,
          targets: [
            {
              expr: "min by (service, volume) (lm_disk_free_bytes / lm_disk_size_bytes)",
              legend: "{{service}} {{volume}}",
            },
          ],
          thresholds: { warn: 0.2, bad: 0.1, lowIsBad: true },
          runbook: "disk-nearly-full.md",
        },
      ],
    },
  ],
};
