import type { RunFigures } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { byKey, seriesOf, sumOf } from "./rules.ts";

const row = (key: string, day: string, costMicroUsd: number): RunFigures => ({
  day,
  key,
  runs: 1,
  succeeded: 1,
  failed: 0,
  credits: 2,
  usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0, costMicroUsd },
});
const days = ["2026-12-01", "2026-12-02"];

describe("costs", () => {
  it("are told with the dearest first", () => {
    const rows = [row("a", "2026-12-01", 5), row("b", "2026-12-01", 9), row("a", "2026-12-02", 5)];
    expect(byKey(rows).map(({ key, cost }) => [key, cost])).toEqual([
      ["a", 10],
      ["b", 9],
    ]);
    expect(sumOf(rows)).toMatchObject({ runs: 3, cost: 19, credits: 6, input: 30 });
  });
  it("show the four biggest and all others as one, so that colours stay apart", () => {
    const rows = ["a", "b", "c", "d", "e", "f"].map((key, index) => row(key, "2026-12-02", 60 - index * 10));
    const series = seriesOf(rows, days, "cost", (key) => key.toUpperCase());
    expect(series.map((one) => one.name)).toEqual(["A", "B", "C", "D", "Others"]);
    expect(series.at(-1)?.values).toEqual([0, 30]);
  });
});
