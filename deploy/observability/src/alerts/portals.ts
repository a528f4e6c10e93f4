import type { AlertGroup } from "./alert.ts";

/** Below this many a second a share says nothing. */
const SOME = 0.05;
const pages = (status: string) =>
  `lm_page_duration_seconds_count{service="dashboard",method="GET",route="/plans/[ref]",status="${status}"}`;
const render = (le: string) =>
  `lm_page_render_duration_seconds_bucket{service="dashboard",route="/plans/[ref]",le="${le}"}`;
const calls = (status: string) =>
  `lm_portal_call_duration_seconds_count{service="dashboard",call="api",status="${status}"}`;

/** What people get from the portals' own servers; what the gateway answers is the gateway's. */
export const portals: AlertGroup = {
  name: "portals",
  alerts: [
    {
      name: "PortalPagesFail",
      severity: "page",
      expr: `sum by (service) (rate(lm_page_duration_seconds_count{route!~"/api/.*",status=~"5.."}[5m]))
  / sum by (service) (rate(lm_page_duration_seconds_count{route!~"/api/.*"}[5m])) > 0.05
and
sum by (service) (rate(lm_page_duration_seconds_count{route!~"/api/.*"}[5m])) > ${SOME}`,
      for: "2m",
      summary: "Pages of the {{ $labels.service }} portal fail",
      description: "{{ $value | humanizePercentage }} of them are answered with 5xx.",
      fires: { [pages("200")]: "0+50x40", [pages("500")]: "0+10x40" },
      quiet: {
        [pages("200")]: "0+50x40",
        [pages("404")]: "0+10x40",
        'lm_page_duration_seconds_count{service="dashboard",method="GET",route="/api/[...path]",status="503"}':
          "0+90x40",
      },
    },
    {
      name: "PortalRendersSlowly",
      severity: "ticket",
      expr: `histogram_quantile(0.95, sum by (service, le) (rate(lm_page_render_duration_seconds_bucket[10m]))) > 1
and
sum by (service) (rate(lm_page_render_duration_seconds_count[10m])) > ${SOME}`,
      for: "10m",
      summary: "The {{ $labels.service }} portal's server renders slowly",
      description: "One page in twenty takes it longer than {{ $value | humanizeDuration }}.",
      fires: {
        [render("0.05")]: "0+10x40",
        [render("2.5")]: "0+20x40",
        [render("+Inf")]: "0+20x40",
        'lm_page_render_duration_seconds_count{service="dashboard",route="/plans/[ref]"}': "0+20x40",
      },
      quiet: {
        [render("0.05")]: "0+20x40",
        [render("2.5")]: "0+20x40",
        [render("+Inf")]: "0+20x40",
        'lm_page_render_duration_seconds_count{service="dashboard",route="/plans/[ref]"}': "0+20x40",
      },
    },
    {
      name: "PortalCutOff",
      severity: "page",
      expr: `sum by (service) (rate(lm_portal_call_duration_seconds_count{status="unreachable"}[5m]))
  / sum by (service) (rate(lm_portal_call_duration_seconds_count[5m])) > 0.02`,
      for: "2m",
      summary: "The {{ $labels.service }} portal doesn't reach the gateway",
      description: "{{ $value | humanizePercentage }} of its calls get no answer at all.",
      fires: { [calls("200")]: "0+50x40", [calls("unreachable")]: "0+5x40" },
      quiet: { [calls("200")]: "0+50x40", [calls("503")]: "0+5x40", [calls("left")]: "0+5x40" },
    },
  ],
};
