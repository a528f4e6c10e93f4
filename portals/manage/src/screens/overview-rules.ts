import type { Run } from "@leadmetrics/web";

export interface Line {
  name: string;
  /** By day, oldest first; the last is today. */
  values: number[];
}

const DAY = 86_400_000;

/** Runs by the day they were asked for, over the last `days`. */
export function perDay(
  runs: readonly Run[],
  days: number,
  nowMs: number,
  keep: (run: Run) => boolean,
  value: (run: Run) => number = () => 1,
): number[] {
  const today = Math.floor(nowMs / DAY);
  const values = Array.from({ length: days }, () => 0);
  for (const run of runs) {
    if (!keep(run) || !run.requestedOn) continue;
    const index = days - 1 - (today - Math.floor(Date.parse(run.requestedOn) / DAY));
    if (index >= 0 && index < days) values[index] = (values[index] ?? 0) + value(run);
  }
  return values;
}

/** The lines of the overview, from the newest runs. */
export function linesOf(runs: readonly Run[], nowMs: number, days = 14): Line[] {
  const spend = (run: Run) => Number(run.usage?.costMicroUsd ?? 0) / 1_000_000;
  return [
    { name: "Runs", values: perDay(runs, days, nowMs, () => true) },
    { name: "Finished", values: perDay(runs, days, nowMs, (run) => run.status === "succeeded") },
    { name: "Failed", values: perDay(runs, days, nowMs, (run) => run.status === "failed") },
    { name: "Spend, $", values: perDay(runs, days, nowMs, () => true, spend) },
  ];
}
