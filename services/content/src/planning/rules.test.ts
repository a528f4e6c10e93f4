import { describe, expect, it } from "vitest";
import { periodFor, periodsOf, spanProblems } from "./rules.ts";

describe("a plan's dates", () => {
  it.each([
    ["2026-12-31", "2026-12-01"],
    ["2026-02-30", "2026-03-01"],
    ["2026-01-01", "2028-01-01"],
  ])("%s to %s are refused", (start, end) => {
    expect(spanProblems(start, end)).toHaveLength(1);
  });
  it("may be one day", () => expect(spanProblems("2026-12-01", "2026-12-01")).toEqual([]));
});

describe("periods", () => {
  it("are calendar months whose targets add up to the quantity", () => {
    expect(periodsOf("2026-11-16", "2026-12-31", 10)).toEqual([
      { starts: "2026-11-16", ends: "2026-11-30", targetCount: 3 },
      { starts: "2026-12-01", ends: "2026-12-31", targetCount: 7 },
    ]);
    for (let quantity = 1; quantity < 40; quantity += 1) {
      expect(
        periodsOf("2026-01-15", "2026-12-20", quantity).reduce((sum, period) => sum + period.targetCount, 0),
      ).toBe(quantity);
    }
  });
  it("are filled in order", () => {
    const periods = [
      { id: "a", targetCount: 2 },
      { id: "b", targetCount: 1 },
    ];
    expect([0, 1, 2, 3].map((index) => periodFor(index, periods))).toEqual(["a", "a", "b", "b"]);
  });
});
