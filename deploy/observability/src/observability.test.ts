import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPrometheus, type PrometheusPrograms } from "@leadmetrics/kit/backends";
import { METRICS, type MetricDeclaration, seriesOf } from "@leadmetrics/kit/telemetry/metric-catalogue";
import { collectDefaultMetrics, Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runbookOf } from "./alerts/alert.ts";
import { ALERT_GROUPS } from "./alerts/index.ts";
import { DASHBOARDS } from "./dashboards/index.ts";
import { FILES, generatedFiles, RUNBOOK_DIR } from "./files.ts";
import { seriesIn, withoutVariables } from "./queries.ts";
import { ruleTests } from "./rules.ts";

const run = promisify(execFile);
const FETCH_MS = 180_000;

const alerts = ALERT_GROUPS.flatMap((group) => group.alerts);
const panels = DASHBOARDS.flatMap(({ title, rows }) =>
  rows.flatMap((row) =>
    row.panels.map((panel) => ({ ...panel, where: `${title} / ${row.title} / ${panel.title}` })),
  ),
);
const expressions = [
  ...alerts.map(({ name, expr }) => ({ where: name, expr })),
  ...panels.flatMap(({ where, targets }) =>
    targets.map(({ expr }) => ({ where, expr: withoutVariables(expr) })),
  ),
  ...DASHBOARDS.flatMap(({ title, filters = [] }) =>
    filters.map(({ from, name }) => ({ where: `${title}, filter ${name}`, expr: from })),
  ),
];

let promtool: PrometheusPrograms["promtool"] | undefined;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lm-rules-"));
  try {
    ({ promtool } = await findPrometheus({ fetch: true }));
    console.log(`ran against ${promtool}`);
  } catch (error) {
    console.log(`skipped: rules are not run: ${error instanceof Error ? error.message : error}`);
  }
}, FETCH_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What promtool says about a file; fails with its words when it isn't content. */
async function tool(...args: string[]): Promise<string> {
  const { stdout } = await run(promtool ?? "promtool", args).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}\n${error.stderr}`);
    },
  );
  return stdout;
}

describe("rules and dashboards", () => {
  it("are in the chart as they are declared (pnpm generate writes them)", () => {
    for (const [path, text] of generatedFiles())
      expect(readFileSync(join(FILES, path), "utf8"), path).toBe(text);
    const there = ["rules", "dashboards"].flatMap((dir) =>
      readdirSync(join(FILES, dir)).map((name) => `${dir}/${name}`),
    );
    expect(there.sort()).toEqual([...generatedFiles().keys()].sort());
  });

  it("name only metrics that the code declares, or that Node's own collector gives", () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const own = registry
      .getMetricsAsArray()
      .flatMap(({ name }) => [name, `${name}_sum`, `${name}_count`, `${name}_bucket`]);
    const ofPrometheus = ["up", "ALERTS"];
    const declared: MetricDeclaration[] = Object.values(METRICS);
    const known = new Set([...ofPrometheus, ...own, ...declared.flatMap(seriesOf)]);
    const unknown = expressions.flatMap(({ where, expr }) =>
      seriesIn(expr)
        .filter(({ name }) => !known.has(name))
        .map(({ name }) => `${where}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it("narrow metrics down by labels that these have", () => {
    const labelsOf = new Map(
      Object.values(METRICS).flatMap((metric: MetricDeclaration) =>
        seriesOf(metric).map((name): [string, readonly string[]] => [name, metric.labels]),
      ),
    );
    const wrong = expressions.flatMap(({ where, expr }) =>
      seriesIn(expr).flatMap(({ name, labels }) => {
        const own = labelsOf.get(name);
        const may = own && new Set([...own, "service", "job", "instance", "le"]);
        return may
          ? labels.filter((label) => !may.has(label)).map((label) => `${where}: ${name}{${label}}`)
          : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("find every declared metric made and used somewhere in the code", () => {
    const sources = ["services", "gateway", "portals/web"].flatMap((dir) =>
      sourcesBelow(join(FILES, "../../..", dir)),
    );
    const unused = Object.keys(METRICS).filter(
      (key) => !sources.some((text) => new RegExp(`\\bMETRICS\\.${key}\\b`).test(text)),
    );
    expect(unused).toEqual([]);
  });

  it("are written in valid PromQL", async ({ skip }) => {
    if (!promtool) return skip("no promtool");
    const file = join(folder, "expressions.json");
    const rules = expressions.map(({ expr }, index) => ({ record: `checked:${index}`, expr }));
    await writeFile(file, JSON.stringify({ groups: [{ name: "checked", rules }] }));
    expect(await tool("check", "rules", file)).toContain("SUCCESS");
  });
});

describe("an alarm", () => {
  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    "%s has a runbook with its four parts",
    (name, alert) => {
      const text = readFileSync(join(RUNBOOK_DIR, runbookOf(alert)), "utf8");
      expect(text).toMatch(new RegExp(`^# ${name}$`, "m"));
      for (const part of ["What it means", "How to look", "How to mend", "How to see that it is well again"])
        expect(text).toMatch(new RegExp(`^## ${part}$`, "m"));
    },
  );

  it("has one runbook, and each runbook an alarm", () => {
    expect(readdirSync(RUNBOOK_DIR).sort()).toEqual(alerts.map(runbookOf).sort());
  });

  it("has a series with which it goes off and one with which it doesn't, and does so", {
    timeout: 120_000,
  }, async ({ skip }) => {
    for (const { name, fires, quiet } of alerts) {
      expect(Object.keys(fires), name).not.toEqual([]);
      expect(Object.keys(quiet), name).not.toEqual([]);
    }
    if (!promtool) return skip("no promtool");
    for (const group of ALERT_GROUPS) {
      const file = join(FILES, "rules", `${group.name}.yaml`);
      expect(await tool("check", "rules", file)).toContain(`${group.alerts.length} rules found`);
      const tests = join(folder, `${group.name}.json`);
      await writeFile(tests, JSON.stringify(ruleTests(file, [group])));
      expect(await tool("test", "rules", tests)).toContain("SUCCESS");
    }
  });

  it("that a panel points at is there", () => {
    const runbooks = new Set(alerts.map(runbookOf));
    expect(
      panels.filter(({ runbook }) => runbook && !runbooks.has(runbook)).map(({ where }) => where),
    ).toEqual([]);
  });
});

function sourcesBelow(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (name === "node_modules" || name === "test") return [];
    if (statSync(path).isDirectory()) return sourcesBelow(path);
    return name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "metric-catalogue.ts"
      ? [readFileSync(path, "utf8")]
      : [];
  });
}
