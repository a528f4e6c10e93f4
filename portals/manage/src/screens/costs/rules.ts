import type { DaySeries } from "@leadmetrics/ui";
import type { RunFigures } from "@leadmetrics/web";
import { perDay } from "../overview/rules.ts";

export type By = "tenant" | "role" | "model";
export type Measure = "cost" | "runs";

export interface Sums {
  runs: number;
  failed: number;
  credits: number;
  /** Millionths of a US dollar. */
  cost: number;
  input: number;
  output: number;
  cached: number;
}

const amountOf: Record<Measure, (row: RunFigures) => number> = {
  cost: (row) => row.usage?.costMicroUsd ?? 0,
  runs: (row) => row.runs,
};

export function sumOf(rows: readonly RunFigures[]): Sums {
  const sums = { runs: 0, failed: 0, credits: 0, cost: 0, input: 0, output: 0, cached: 0 };
  for (const row of rows) {
    sums.runs += row.runs;
    sums.failed += row.failed;
    sums.credits += row.credits;
    sums.cost += row.usage?.costMicroUsd ?? 0;
    sums.input += row.usage?.inputTokens ?? 0;
    sums.output += row.usage?.outputTokens ?? 0;
    sums.cached += row.usage?.cachedTokens ?? 0;
  }
  return sums;
}

/** Sums by what the rows are grouped by, the dearest first, then the busiest. */
export function byKey(rows: readonly RunFigures[]): (Sums & { key: string })[] {
  return [...Map.groupBy(rows, (row) => row.key)]
    .map(([key, own]) => ({ key, ...sumOf(own) }))
    .sort((one, other) => other.cost - one.cost || other.runs - one.runs);
}

/** Colours people can tell apart; what is beyond them is one series. */
const SERIES = 5;

/** A series for each of the biggest, and one for all the others. */
export function seriesOf(
  rows: readonly RunFigures[],
  days: readonly string[],
  measure: Measure,
  nameOf: (key: string) => string,
): DaySeries[] {
  const keys = byKey(rows).map((group) => group.key);
  const own = keys.length > SERIES ? keys.slice(0, SERIES - 1) : keys;
  const value = amountOf[measure];
  const series = own.map((key) => ({
    name: nameOf(key),
    values: perDay(
      rows.filter((row) => row.key === key),
      days,
      value,
    ),
  }));
  const others = rows.filter((row) => !own.includes(row.key));
  return others.length > 0 ? [...series, { name: "Others", values: perDay(others, days, value) }] : series;
}
