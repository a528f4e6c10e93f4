import { type Alert, type AlertGroup, runbookOf } from "./alerts/alert.ts";

/** Where runbooks are in the repository; what shows alerts may put its own address before it. */
export const RUNBOOKS = "deploy/observability/runbooks";

const NOTICE = "# Made by deploy/observability (pnpm generate); edit the alarms there.";

/** A group as a rule file of Prometheus. */
export function ruleFile(group: AlertGroup): string {
  return [NOTICE, "groups:", `  - name: ${group.name}`, "    rules:", ...group.alerts.flatMap(rule), ""].join(
    "\n",
  );
}

function rule(alert: Alert): string[] {
  return [
    `      - alert: ${alert.name}`,
    "        expr: |",
    ...alert.expr.split("\n").map((line) => `          ${line}`),
    `        for: ${alert.for}`,
    "        labels:",
    `          severity: ${alert.severity}`,
    "        annotations:",
    // JSON's strings are YAML's.
    `          summary: ${JSON.stringify(alert.summary)}`,
    `          description: ${JSON.stringify(alert.description)}`,
    `          runbook_url: ${RUNBOOKS}/${runbookOf(alert)}`,
  ];
}

/**
 * The tests of a group for `promtool test rules`: each alarm goes off with the one series and not with the other.
 *
 * @param file the group's rule file
 */
export function ruleTests(file: string, groups: readonly AlertGroup[]) {
  const cases = (alert: Alert) => [
    { alert, series: alert.fires, fires: true },
    { alert, series: alert.quiet, fires: false },
  ];
  return {
    rule_files: [file],
    evaluation_interval: "1m",
    tests: groups
      .flatMap(({ alerts }) => alerts)
      .flatMap(cases)
      .map(({ alert, series, fires }) => ({
        name: `${alert.name} ${fires ? "fires" : "is quiet"}`,
        interval: "1m",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: `sum(ALERTS{alertname="${alert.name}",alertstate="firing"}) >= bool 1`,
            eval_time: `${alert.afterMinutes ?? 30}m`,
            exp_samples: fires ? [{ labels: "{}", value: 1 }] : [],
          },
        ],
      })),
  };
}
