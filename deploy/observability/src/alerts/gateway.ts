import type { AlertGroup } from "./alert.ts";

/** Of a month's requests, the share that may fail. */
export const ERROR_BUDGET = 0.005;
/** Of a month's requests, the share that may take longer than `SLOW_AFTER_S`. */
const SLOW_BUDGET = 0.01;
/** A bound of the histogram's buckets. */
export const SLOW_AFTER_S = 1;
/** At this pace a month's budget is gone in two days, or in five. */
const PACE = { fast: 14.4, slow: 6 };

/** Streams last as long as their reader and say nothing about speed. */
const ANSWERS = 'route!~".*/events"';

export const errorShare = (window: string): string =>
  `sum(rate(lm_http_server_duration_seconds_count{status=~"5.."}[${window}])) / sum(rate(lm_http_server_duration_seconds_count[${window}]))`;
export const slowShare = (window: string): string =>
  `1 - sum(rate(lm_http_server_duration_seconds_bucket{${ANSWERS},le="${SLOW_AFTER_S}"}[${window}])) / sum(rate(lm_http_server_duration_seconds_count{${ANSWERS}}[${window}]))`;

const burns = (
  share: (window: string) => string,
  budget: number,
  long: string,
  short: string,
  pace: number,
) => `(${share(long)}) > ${pace} * ${budget}\nand\n(${share(short)}) > ${pace} * ${budget}`;

const count = (status: string) =>
  `lm_http_server_duration_seconds_count{method="GET",route="/tenant/v1/plans",status="${status}"}`;
const bucket = (le: string) =>
  `lm_http_server_duration_seconds_bucket{method="GET",route="/tenant/v1/plans",status="200",le="${le}"}`;

export const gateway: AlertGroup = {
  name: "gateway",
  alerts: [
    {
      name: "GatewayErrorsFast",
      severity: "page",
      expr: burns(errorShare, ERROR_BUDGET, "1h", "5m", PACE.fast),
      for: "2m",
      summary: "Requests fail: a month's error budget would be gone in two days",
      description: "{{ $value | humanizePercentage }} of the last hour's requests were answered with 5xx.",
      fires: { [count("200")]: "0+90x120", [count("503")]: "0+10x120" },
      quiet: { [count("200")]: "0+1000x120", [count("503")]: "0+1x120" },
      afterMinutes: 90,
    },
    {
      name: "GatewayErrorsSlow",
      severity: "ticket",
      expr: burns(errorShare, ERROR_BUDGET, "6h", "30m", PACE.slow),
      for: "15m",
      summary: "Requests fail a little all the time: the month's error budget won't last",
      description:
        "{{ $value | humanizePercentage }} of the last six hours' requests were answered with 5xx.",
      fires: { [count("200")]: "0+95x480", [count("500")]: "0+5x480" },
      quiet: { [count("200")]: "0+1000x480", [count("500")]: "0+3x480" },
      afterMinutes: 420,
    },
    {
      name: "GatewaySlow",
      severity: "page",
      expr: burns(slowShare, SLOW_BUDGET, "1h", "5m", PACE.fast),
      for: "5m",
      summary: "Requests take longer than a second",
      description: "{{ $value | humanizePercentage }} of the last hour's requests took longer than a second.",
      fires: { [count("200")]: "0+100x120", [bucket("1")]: "0+70x120" },
      quiet: { [count("200")]: "0+100x120", [bucket("1")]: "0+99x120" },
      afterMinutes: 90,
    },
  ],
};
