import type { Standing } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { creditsLeft, lastDays, needsOf, perDay } from "./rules.ts";

const now = Date.parse("2026-12-02T10:00:00Z");
const days = lastDays(3, now);
const standing = (available: number, spentThisMonth = 0, monthlyCap = 0): Standing => ({
  tenantRef: `t${available}`,
  planCode: "free",
  monthlyCredits: 200,
  balance: { available, reserved: 0, spentThisMonth, monthlyCap },
});

describe("the overview", () => {
  it("has a value for every day, also for those nothing happened on", () => {
    expect(days).toEqual(["2026-11-30", "2026-12-01", "2026-12-02"]);
    const rows = [
      { day: "2026-12-02", runs: 2 },
      { day: "2026-11-30", runs: 1 },
      { day: "2026-12-02", runs: 3 },
      { day: "2026-10-01", runs: 9 },
    ];
    const values = perDay(rows, days, (row) => row.runs);
    expect(values).toEqual([1, 0, 5]);
  });
  it("counts what is left by the balance or the cap, whichever ends first", () => {
    expect(creditsLeft(standing(100))).toBe(0.5);
    expect(creditsLeft(standing(200, 95, 100))).toBeCloseTo(0.05);
    expect(creditsLeft({ ...standing(0), balance: undefined })).toBe(1);
  });
  it("asks for tenants near their end, and leaves the others alone", () => {
    const needs = needsOf({
      letters: [],
      troubles: [],
      waiting: [],
      standings: [standing(10), standing(150)],
      tenants: [],
    });
    expect(needs.map((need) => need.key)).toEqual(["ct10"]);
  });
});
