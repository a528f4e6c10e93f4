import { RUNBOOKS } from "../rules.ts";

/** One line of a panel. */
export interface Target {
  readonly expr: string;
  /** With labels in braces: `{{service}}`. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What it shows and what is good, in a sentence. */
  readonly description: string;
  readonly kind: "lines" | "stat" | "table" | "bars";
  /** Grafana's name of a unit: `s`, `reqps`, `percentunit`, `bytes`, `short`. */
  readonly unit: string;
  readonly targets: readonly Target[];
  /** From which value on it is worth a look, and from which it is bad; the other way round when `lowIsBad`. */
  readonly thresholds?: { readonly warn: number; readonly bad: number; readonly lowIsBad?: true };
  /** The runbook of the alarm that watches the same. */
  readonly runbook?: string;
  /** Of 24 columns; 8 unless said otherwise. */
  readonly width?: number;
  readonly stacked?: true;
  readonly max?: number;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
  /** Labels a reader can narrow everything down to. */
  readonly filters?: readonly { readonly name: string; readonly label: string; readonly from: string }[];
}

const SOURCE = { type: "prometheus", uid: "$datasource" };
const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = { lines: 8, bars: 8, table: 9, stat: 4 };

/** A dashboard as Grafana imports it. */
export function dashboardJson({ uid, title, description, rows, filters = [] }: Dashboard): unknown {
  return {
    uid: `leadmetrics-${uid}`,
    title: `Leadmetrics / ${title}`,
    description,
    tags: ["leadmetrics"],
    editable: false,
    graphTooltip: 1,
    refresh: "30s",
    schemaVersion: 39,
    time: { from: "now-3h", to: "now" },
    timezone: "browser",
    links: [
      {
        title: "Other dashboards",
        type: "dashboards",
        tags: ["leadmetrics"],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    annotations: {
      list: [
        {
          name: "Alarms",
          enable: true,
          iconColor: "red",
          datasource: SOURCE,
          expr: 'ALERTS{alertstate="firing"}',
          titleFormat: "{{alertname}}",
          step: "60s",
        },
      ],
    },
    templating: { list: [...variables(), ...filters.map(filter)] },
    panels: laidOut(rows),
  };
}

function variables() {
  return [
    { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus", hide: 0 },
    {
      name: "runbooks",
      label: "Runbooks at",
      type: "textbox",
      query: RUNBOOKS,
      current: { text: RUNBOOKS, value: RUNBOOKS },
      hide: 2,
    },
  ];
}

function filter({ name, label, from }: { name: string; label: string; from: string }) {
  return {
    name,
    label,
    type: "query",
    datasource: SOURCE,
    query: `label_values(${from}, ${name})`,
    includeAll: true,
    allValue: ".*",
    multi: true,
    refresh: 2,
    sort: 1,
    current: { text: "All", value: "$__all" },
  };
}

function laidOut(rows: Dashboard["rows"]): unknown[] {
  const panels: unknown[] = [];
  let id = 1;
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: id++,
      type: "row",
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const each of row.panels) {
      const w = each.width ?? WIDTH;
      if (x + w > COLUMNS) {
        x = 0;
        y += tallest;
        tallest = 0;
      }
      const h = HEIGHT[each.kind];
      panels.push(panel(each, id++, { x, y, w, h }));
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return panels;
}

const TYPE = { lines: "timeseries", bars: "timeseries", stat: "stat", table: "table" };

function panel(each: Panel, id: number, gridPos: { x: number; y: number; w: number; h: number }) {
  const { title, description, kind, unit, runbook, max } = each;
  return {
    id,
    type: TYPE[kind],
    title,
    description,
    gridPos,
    datasource: SOURCE,
    links: runbook ? [{ title: "What to do", url: `\${runbooks}/${runbook}`, targetBlank: true }] : [],
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(max === undefined ? {} : { max }),
        thresholds: steps(each),
        ...(kind === "stat" || kind === "table"
          ? { color: { mode: "thresholds" } }
          : { custom: drawing(each) }),
      },
      overrides: [],
    },
    options: options(each),
    targets: each.targets.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource: SOURCE,
      expr,
      legendFormat: legend,
      ...(kind === "table" ? { instant: true, format: "table" } : {}),
    })),
  };
}

function steps({ thresholds }: Panel) {
  if (!thresholds) return { mode: "absolute", steps: [{ color: "blue", value: null }] };
  const { warn, bad, lowIsBad } = thresholds;
  return {
    mode: "absolute",
    steps: lowIsBad
      ? [
          { color: "red", value: null },
          { color: "orange", value: bad },
          { color: "green", value: warn },
        ]
      : [
          { color: "green", value: null },
          { color: "orange", value: warn },
          { color: "red", value: bad },
        ],
  };
}

function drawing({ kind, thresholds, stacked }: Panel) {
  return {
    drawStyle: kind === "bars" ? "bars" : "line",
    lineWidth: 1,
    fillOpacity: stacked || kind === "bars" ? 40 : 8,
    showPoints: "never",
    spanNulls: false,
    stacking: { mode: stacked ? "normal" : "none" },
    thresholdsStyle: { mode: thresholds ? "dashed" : "off" },
  };
}

function options({ kind }: Panel) {
  if (kind === "stat")
    return {
      reduceOptions: { calcs: ["lastNotNull"] },
      colorMode: "value",
      graphMode: "area",
      textMode: "auto",
    };
  if (kind === "table") return { showHeader: true, cellHeight: "sm" };
  return {
    legend: { displayMode: "list", placement: "bottom", showLegend: true },
    tooltip: { mode: "multi", sort: "desc" },
  };
}
