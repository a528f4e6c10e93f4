import type { AlertGroup } from "./alert.ts";

const COST = 'lm_llm_cost_micro_usd_total{adapter="claude",model="claude-sonnet-5-5"}';
/** Dollars an hour under which no rise is worth a person's time. */
const SPEND_FLOOR_USD = 5;
const MICRO = 1_000_000;

/** Dollars that agents spent in a window. */
export const spentUsd = (window: string): string =>
  `sum(increase(lm_llm_cost_micro_usd_total[${window}])) / ${MICRO}`;

const calls = (outcome: string) => `lm_llm_calls_total{adapter="claude",outcome="${outcome}"}`;

export const work: AlertGroup = {
  name: "work",
  alerts: [
    {
      name: "ProviderFails",
      severity: "page",
      // While an adapter's test fails, runs wait and no call is made that could fail.
      expr: `(
  sum by (adapter) (increase(lm_llm_calls_total{outcome="failed"}[10m]))
    / sum by (adapter) (increase(lm_llm_calls_total{outcome!="cancelled"}[10m])) > 0.3
  and
  sum by (adapter) (increase(lm_llm_calls_total{outcome="failed"}[10m])) > 2
)
or
sum by (adapter) (increase(lm_llm_probes_total{outcome="failed"}[10m])) > 2`,
      for: "5m",
      summary: "The language model behind {{ $labels.adapter }} fails",
      description: "Of its calls, or of the tests before them, too many fail. Runs try again and wait.",
      fires: { [calls("ok")]: "0+2x40", [calls("failed")]: "0+2x40" },
      quiet: { [calls("ok")]: "0+20x40", [calls("failed")]: "0+1x40", [calls("unusable")]: "0+15x40" },
    },
    {
      name: "RunsWait",
      severity: "ticket",
      expr: "max(lm_agent_runs_oldest_wait_seconds) > 900",
      for: "10m",
      summary: "Agent runs wait for a worker",
      description: "The first in line has waited for {{ $value | humanizeDuration }}.",
      fires: { 'lm_agent_runs_oldest_wait_seconds{service="agents"}': "0+60x40" },
      quiet: { 'lm_agent_runs_oldest_wait_seconds{service="agents"}': "120x40" },
      afterMinutes: 35,
    },
    {
      name: "SpendAnomaly",
      severity: "page",
      expr: `${spentUsd("1h")} > ${SPEND_FLOOR_USD}
and
${spentUsd("1h")} > 3 * (${spentUsd("1d")} / 24)`,
      for: "10m",
      summary: "Agents spend far more than they used to",
      description:
        "{{ $value | humanize }} dollars in the last hour, more than three times the day's average.",
      fires: { [COST]: "0+10000x1380 13800000+1000000x120" },
      quiet: { [COST]: "0+200000x1500" },
      afterMinutes: 1_480,
    },
    {
      name: "StuckActivities",
      severity: "page",
      expr: 'max(lm_activities_stuck{why="nobody_owes"}) > 0',
      for: "10m",
      summary: "{{ $value }} activities have nobody who moves them on",
      description: "They are not done and no person, agent or channel owes the next move.",
      fires: { 'lm_activities_stuck{service="content",why="nobody_owes"}': "0x10 2x40" },
      quiet: {
        'lm_activities_stuck{service="content",why="nobody_owes"}': "0x40",
        'lm_activities_stuck{service="content",why="past_promise"}': "5x40",
      },
    },
    {
      name: "PromisesBroken",
      severity: "ticket",
      expr: 'max(lm_activities_stuck{why="past_promise"}) > 0',
      for: "30m",
      summary: "{{ $value }} activities are past the time by which somebody promised to move",
      description: "Reviewers or clients owe decisions that are overdue.",
      fires: { 'lm_activities_stuck{service="content",why="past_promise"}': "2x60" },
      quiet: { 'lm_activities_stuck{service="content",why="past_promise"}': "2x10 0x60" },
      afterMinutes: 45,
    },
    {
      name: "UnconfirmedPublications",
      severity: "page",
      expr: "max(lm_publication_unconfirmed_oldest_age_seconds) > 900",
      for: "5m",
      summary: "It isn't known whether posts were published",
      description:
        "The oldest has been unconfirmed for {{ $value | humanizeDuration }}: a person has to look.",
      fires: { 'lm_publication_unconfirmed_oldest_age_seconds{service="content"}': "0+60x40" },
      quiet: { 'lm_publication_unconfirmed_oldest_age_seconds{service="content"}': "0x20 120x30" },
    },
    {
      name: "PublicationsFail",
      severity: "ticket",
      expr: `sum(increase(lm_publications_total{outcome="failed"}[1h]))
  / sum(increase(lm_publications_total[1h])) > 0.25
and
sum(increase(lm_publications_total{outcome="failed"}[1h])) > 2`,
      for: "5m",
      summary: "Channels refuse posts",
      description:
        "{{ $value | humanizePercentage }} of the last hour's attempts to publish came to nothing.",
      fires: {
        'lm_publications_total{service="content",outcome="failed"}': "0+1x90",
        'lm_publications_total{service="content",outcome="confirmed"}': "0+1x90",
      },
      quiet: {
        'lm_publications_total{service="content",outcome="failed"}': "0x60 1x30",
        'lm_publications_total{service="content",outcome="confirmed"}': "0+3x90",
      },
      afterMinutes: 80,
    },
    {
      name: "ChannelBeforeSlot",
      severity: "ticket",
      expr: "max by (why) (lm_channel_slots_at_risk) > 0",
      for: "5m",
      summary: "{{ $value }} posts are due within two days on channels that would refuse them",
      description: "The channels are {{ $labels.why }}: the clients concerned have to connect them again.",
      fires: { 'lm_channel_slots_at_risk{service="content",why="expired"}': "0x10 2x40" },
      quiet: { 'lm_channel_slots_at_risk{service="content",why="expired"}': "0x40" },
    },
    {
      name: "TenantDeletionStuck",
      severity: "page",
      expr: 'max(lm_tenant_work_age_seconds{work="deletion"}) > 7200',
      for: "5m",
      summary: "A tenant isn't erased, though its grace period is over",
      description:
        "It has been due for {{ $value | humanizeDuration }}: what was promised to a former client isn't kept.",
      fires: { 'lm_tenant_work_age_seconds{service="tenancy",work="deletion"}': "0+300x60" },
      quiet: {
        'lm_tenant_work_age_seconds{service="tenancy",work="deletion"}': "0+60x30 0x30",
        'lm_tenant_work_age_seconds{service="tenancy",work="export"}': "0+300x60",
      },
      afterMinutes: 50,
    },
    {
      name: "TenantExportStuck",
      severity: "ticket",
      expr: 'max(lm_tenant_work_age_seconds{work="export"}) > 1800',
      for: "5m",
      summary: "The export of a tenant's data doesn't come to an end",
      description: "Somebody has been waiting for it for {{ $value | humanizeDuration }}.",
      fires: { 'lm_tenant_work_age_seconds{service="tenancy",work="export"}': "0+60x60" },
      quiet: {
        'lm_tenant_work_age_seconds{service="tenancy",work="export"}': "0+60x20 0x40",
        'lm_tenant_work_age_seconds{service="tenancy",work="deletion"}': "0+60x60",
      },
      afterMinutes: 50,
    },
  ],
};
