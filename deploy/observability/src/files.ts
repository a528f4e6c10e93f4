import { fileURLToPath } from "node:url";
import { ALERT_GROUPS } from "./alerts/index.ts";
import { dashboardJson } from "./dashboards/grafana.ts";
import { DASHBOARDS } from "./dashboards/index.ts";
import { ruleFile } from "./rules.ts";

/** Where the chart and the local Prometheus take them from. */
export const FILES = fileURLToPath(new URL("../../../charts/leadmetrics/files/", import.meta.url));
export const RUNBOOK_DIR = fileURLToPath(new URL("../runbooks/", import.meta.url));

/** Every generated file: its path below {@link FILES} and its text. */
export function generatedFiles(): Map<string, string> {
  return new Map([
    ...ALERT_GROUPS.map((group): [string, string] => [`rules/${group.name}.yaml`, ruleFile(group)]),
    ...DASHBOARDS.map((dashboard): [string, string] => [
      `dashboards/${dashboard.uid}.json`,
      formatted(dashboardJson(dashboard)),
    ]),
  ]);
}

/** JSON as the formatter of the repository leaves it: lists of plain values in one line. */
function formatted(value: unknown): string {
  const plain = /\[\n\s+((?:"[^"]*"|[\d.]+)(?:,\n\s+(?:"[^"]*"|[\d.]+))*)\n\s+\]/g;
  const inOneLine = (_all: string, items: string) => `[${items.replaceAll(/,\n\s+/g, ", ")}]`;
  return `${JSON.stringify(value, null, 2).replaceAll(plain, inOneLine)}\n`;
}
