import { describe, expect, it } from "vitest";
import type { Budget } from "../api/shapes.ts";
import { budgetTone, formOf, fullness, linesOf, monthAfter, readForm } from "./rules.ts";

const limits = (cents: number, tokens: number, runs: number) => ({
  money: { minorUnits: cents, currency: "USD" },
  tokens,
  runs,
});
const budget: Budget = {
  scope: "tenant",
  role: "",
  limits: limits(5_000, 1_000, 20),
  platformLimits: limits(5_000, 2_000, 20),
  ownLimits: limits(0, 1_000, 0),
  followsDefault: true,
  used: { costMicroUsd: 40_000_000, tokens: 1_000, runs: 4 },
  reserved: { costMicroUsd: 5_000_000, tokens: 0, runs: 1 },
  setBy: "",
  version: 0,
};

describe("a cap", () => {
  it("is shown by money, tokens and runs, each with what is used of it", () => {
    expect(linesOf(budget)).toEqual([
      { metric: "money", used: 40_000_000, reserved: 5_000_000, limit: 50_000_000, own: false },
      { metric: "tokens", used: 1_000, reserved: 0, limit: 1_000, own: true },
      { metric: "runs", used: 4, reserved: 1, limit: 20, own: false },
    ]);
  });

  it("is amber from four fifths on and red when it is reached", () => {
    expect(linesOf(budget).map(budgetTone)).toEqual(["warn", "bad", "accent"]);
    expect(linesOf(budget).map(fullness)).toEqual([0.9, 1, 0.25]);
    expect(budgetTone({ used: 9, reserved: 9, limit: 0 })).toBe("accent");
  });

  it("begins anew on the first of the next month", () => {
    expect([monthAfter("2026-11"), monthAfter("2026-12")]).toEqual(["2026-12-01", "2027-01-01"]);
  });
});

describe("what is typed", () => {
  it("comes back as it is stored, and empty where there is no limit", () => {
    expect(formOf(limits(9_950, 0, 20))).toEqual({ money: "99.5", tokens: "", runs: "20" });
    expect(readForm(formOf(limits(9_950, 0, 20)))).toEqual({ limits: limits(9_950, 0, 20) });
  });

  it("may have the marks people write numbers with", () => {
    expect(readForm({ money: "$ 99,50", tokens: "1,000,000", runs: "1 000" })).toEqual({
      limits: limits(9_950, 1_000_000, 1_000),
    });
  });

  it("is refused by field, with what would do", () => {
    expect(readForm({ money: "much", tokens: "-1", runs: "3.5" })).toEqual({
      problems: {
        money: "An amount such as 250 or 99.50, or nothing for no limit.",
        tokens: "A whole number, or nothing for no limit.",
        runs: "A whole number, or nothing for no limit.",
      },
    });
  });
});
