import type { BudgetStanding, Run, Standing } from "@leadmetrics/web";
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
      caps: [],
      tenants: [],
    });
    expect(needs.map((need) => need.key)).toEqual(["ct10"]);
  });

  const cap = (tenantRef: string, used: number, more: Partial<BudgetStanding> = {}): BudgetStanding => ({
    tenantRef,
    scope: "tenant",
    role: "",
    metric: "runs",
    used,
    reserved: 0,
    limit: 10,
    own: false,
    activityRef: "",
    activityTitle: "",
    ...more,
  });
  const ofActivity = (activityRef: string) =>
    ({ scope: "activity", activityRef, activityTitle: "Rye" }) as const;
  const atCaps = (caps: readonly BudgetStanding[], waiting: readonly Run[] = []) =>
    needsOf({ letters: [], troubles: [], waiting, standings: [], caps, tenants: [] });

  it("lists each tenant that is near a cap once, by its fullest", () => {
    const needs = atCaps([cap("a", 10), cap("b", 9), cap("a", 8, { scope: "role", role: "blog-writer" })]);
    expect(needs.map((need) => need.key)).toEqual(["ba", "bb"]);
    expect(needs[0]).toMatchObject({ kind: "cap", standing: { used: 10 }, waiting: 0 });
  });

  it("lists a tenant's activities beside its months, and how many more there are", () => {
    const needs = atCaps([
      cap("a", 10, ofActivity("x")),
      cap("a", 9),
      cap("a", 9, ofActivity("y")),
      cap("a", 8, { ...ofActivity("y"), metric: "tokens" }),
    ]);
    expect(needs).toMatchObject([
      { kind: "cap", standing: { activityRef: "x" }, others: 1 },
      { kind: "cap", standing: { scope: "tenant" }, others: 0 },
    ]);
  });

  const run = (ref: string, errorClass: string, activityRef = ""): Run => ({
    ref,
    tenantRef: "a",
    role: "blog-writer",
    title: "Rye",
    status: "awaiting_credits",
    adapter: "",
    model: "",
    attempt: 1,
    credits: 0,
    problem: "It waits.",
    errorClass,
    activityRef,
  });

  it("says what waits at a cap with the cap, and not once more for each run", () => {
    const needs = atCaps([cap("a", 10)], [run("r1", "budget"), run("r2", "budget"), run("r3", "")]);
    expect(needs.map((need) => need.key)).toEqual(["ba", "r3"]);
    expect(needs[0]).toMatchObject({ waiting: 2 });
  });

  it("says what waits for its activity's cap with the activities", () => {
    const waiting = [run("r1", "budget", "y"), run("r2", "budget", "z")];
    const caps = [cap("a", 10, ofActivity("x")), cap("a", 10, ofActivity("y")), cap("a", 10)];
    expect(atCaps(caps, waiting)).toMatchObject([
      { standing: { scope: "activity" }, waiting: 1 },
      { standing: { scope: "tenant" }, waiting: 1 },
    ]);
  });
});
