import type { Dashboard, Panel } from "./grafana.ts";

const PORTALS = [
  { title: "Dashboard (clients)", prefix: "tenant", audience: "tenant" },
  { title: "DM portal (reviewers)", prefix: "dm", audience: "dm" },
  { title: "Manage portal (super admins)", prefix: "admin", audience: "admin" },
];

/** Of what a portal's server answers, what a person sees as a page. */
const PAGES = 'route!~"/api/.*|none"';

const servers: Panel[] = [
  {
    title: "Pages",
    description: "A second, by portal and status.",
    kind: "lines",
    unit: "reqps",
    width: 6,
    targets: [
      {
        expr: `sum by (service, status) (rate(lm_page_duration_seconds_count{${PAGES}}[$__rate_interval]))`,
        legend: "{{service}} {{status}}",
      },
    ],
    runbook: "portal-pages-fail.md",
  },
  {
    title: "Server render time, p95",
    description: "What a portal's server takes to render a page.",
    kind: "lines",
    unit: "s",
    width: 6,
    targets: [
      {
        expr: "histogram_quantile(0.95, sum by (service, le) (rate(lm_page_render_duration_seconds_bucket[$__rate_interval])))",
        legend: "{{service}}",
      },
    ],
    thresholds: { warn: 0.3, bad: 1 },
    runbook: "portal-renders-slowly.md",
  },
  {
    title: "Calls of the gateway, p95",
    description: "From the call to the head of its answer.",
    kind: "lines",
    unit: "s",
    width: 6,
    targets: [
      {
        expr: "histogram_quantile(0.95, sum by (service, le) (rate(lm_portal_call_duration_seconds_bucket[$__rate_interval])))",
        legend: "{{service}}",
      },
    ],
    thresholds: { warn: 0.5, bad: 1 },
    runbook: "gateway-slow.md",
  },
  {
    title: "Calls without a good answer",
    description: "Share that failed (5xx) or got no answer at all.",
    kind: "lines",
    unit: "percentunit",
    width: 6,
    targets: [
      {
        expr: 'sum by (service) (rate(lm_portal_call_duration_seconds_count{status=~"5..|unreachable"}[$__rate_interval])) / sum by (service) (rate(lm_portal_call_duration_seconds_count[$__rate_interval]))',
        legend: "{{service}}",
      },
    ],
    thresholds: { warn: 0.005, bad: 0.02 },
    runbook: "portal-cut-off.md",
  },
  {
    title: "Slowest pages",
    description: "The ten patterns with the longest server render time, p95 of the last 15 minutes.",
    kind: "table",
    unit: "s",
    width: 12,
    targets: [
      {
        expr: "topk(10, histogram_quantile(0.95, sum by (service, route, le) (rate(lm_page_render_duration_seconds_bucket[15m]))))",
        legend: "{{service}} {{route}}",
      },
    ],
  },
  {
    title: "Event loop, p99",
    description: "How late a portal's server is.",
    kind: "lines",
    unit: "s",
    width: 6,
    targets: [
      {
        expr: 'max by (job, instance) (nodejs_eventloop_lag_p99_seconds{service=~"dashboard|dm|manage"})',
        legend: "{{job}} {{instance}}",
      },
    ],
    thresholds: { warn: 0.1, bad: 0.25 },
    runbook: "event-loop-lag.md",
  },
  {
    title: "Memory",
    description: "Resident, of each portal's server.",
    kind: "lines",
    unit: "bytes",
    width: 6,
    targets: [
      {
        expr: 'max by (job, instance) (process_resident_memory_bytes{service=~"dashboard|dm|manage"})',
        legend: "{{job}} {{instance}}",
      },
    ],
    runbook: "short-of-memory.md",
  },
];

const panels = (prefix: string, audience: string): Panel[] => {
  const of = `route=~"/${prefix}/v1/.*",route!~".*/events"`;
  return [
    {
      title: "Requests",
      description: "A second, by status.",
      kind: "lines",
      unit: "reqps",
      width: 6,
      stacked: true,
      targets: [
        {
          expr: `sum by (status) (rate(lm_http_server_duration_seconds_count{${of}}[$__rate_interval]))`,
          legend: "{{status}}",
        },
      ],
    },
    {
      title: "Failed",
      description: "Share of answers with 5xx.",
      kind: "lines",
      unit: "percentunit",
      width: 6,
      targets: [
        {
          expr: `sum(rate(lm_http_server_duration_seconds_count{${of},status=~"5.."}[$__rate_interval])) / sum(rate(lm_http_server_duration_seconds_count{${of}}[$__rate_interval]))`,
          legend: "failed",
        },
      ],
      thresholds: { warn: 0.005, bad: 0.03 },
      runbook: "gateway-errors-fast.md",
    },
    {
      title: "Duration, p95",
      description: "What people wait for a page's data.",
      kind: "lines",
      unit: "s",
      width: 6,
      targets: [
        {
          expr: `histogram_quantile(0.95, sum by (le) (rate(lm_http_server_duration_seconds_bucket{${of}}[$__rate_interval])))`,
          legend: "p95",
        },
      ],
      thresholds: { warn: 0.5, bad: 1 },
      runbook: "gateway-slow.md",
    },
    {
      title: "Listening",
      description: "Open pages with live updates.",
      kind: "lines",
      unit: "short",
      width: 6,
      targets: [{ expr: `sum(lm_sse_clients{audience="${audience}"})`, legend: "pages" }],
    },
  ];
};

export const portals: Dashboard = {
  uid: "portals",
  title: "Portals",
  description: "What people get from each portal's server, and through it from the gateway.",
  rows: [
    { title: "Servers", panels: servers },
    ...PORTALS.map(({ title, prefix, audience }) => ({ title, panels: panels(prefix, audience) })),
    {
      title: "Signing in",
      panels: [
        {
          title: "Sign-ins",
          description: "Attempts a minute, by answer.",
          kind: "lines",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: 'sum by (status) (rate(lm_http_server_duration_seconds_count{route=~"/auth/v1/.*login.*"}[$__rate_interval])) * 60',
              legend: "{{status}}",
            },
          ],
        },
        {
          title: "Held back",
          description: "Requests beyond a limit (429), by route.",
          kind: "lines",
          unit: "reqps",
          targets: [
            {
              expr: 'sum by (route) (rate(lm_http_server_duration_seconds_count{status="429"}[$__rate_interval]))',
              legend: "{{route}}",
            },
          ],
        },
        {
          title: "Live streams opened",
          description:
            "By how they began: fresh, resumed without a gap, or reset because the gap was too long.",
          kind: "bars",
          unit: "short",
          stacked: true,
          targets: [
            {
              expr: "sum by (resumed) (increase(lm_sse_opened_total[$__rate_interval]))",
              legend: "{{resumed}}",
            },
          ],
        },
        {
          title: "Slowest routes",
          description: "The ten with the longest p95 of the last 15 minutes.",
          kind: "table",
          unit: "s",
          width: 24,
          targets: [
            {
              expr: 'topk(10, histogram_quantile(0.95, sum by (method, route, le) (rate(lm_http_server_duration_seconds_bucket{route!~".*/events"}[15m]))))',
              legend: "{{route}}",
            },
          ],
        },
      ],
    },
  ],
};
