import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Decision,
  dayOf,
  grant,
  isLow,
  monthAfter,
  monthOf,
  type Postings,
  type RunEntries,
  release,
  renewalAfter,
  reserve,
  settle,
} from "./rules.ts";

const TERMS = { monthlyCredits: 100, monthlyCap: 0 };

/** The books as the rules alone make them. */
class Books {
  readonly accounts = { granted: 0, available: 0, reserved: 0, spent: 0 };
  readonly runs = new Map<number, RunEntries>();
  readonly cap: number;
  constructor(cap: number) {
    this.cap = cap;
  }
  post(postings: Postings): void {
    expect(Object.values(postings).reduce((sum, amount) => sum + amount, 0)).toBe(0);
    for (const account of ["granted", "available", "reserved", "spent"] as const) {
      this.accounts[account] += postings[account] ?? 0;
    }
  }
  run(id: number): RunEntries {
    return this.runs.get(id) ?? { reserved: undefined, closed: false };
  }
  take(id: number, decision: Decision, after: RunEntries): void {
    if (decision.kind !== "post") return;
    this.post(decision.postings);
    this.runs.set(id, after);
  }
  get balances() {
    const { available, reserved, spent } = this.accounts;
    return { available, reserved, spentInMonth: spent };
  }
}

const step = fc.record({
  what: fc.constantFrom("grant", "reserve", "settle", "release"),
  run: fc.integer({ min: 0, max: 5 }),
  credits: fc.integer({ min: 0, max: 40 }),
});

describe("the ledger's rules", () => {
  it("keep every account in balance and nothing below zero, whatever happens in whatever order", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(0, 60), (steps, cap) => {
        const books = new Books(cap);
        for (const { what, run: id, credits } of steps) {
          const run = books.run(id);
          if (what === "grant") books.post(grant(credits));
          else if (what === "reserve") {
            const terms = { ...TERMS, monthlyCap: books.cap };
            books.take(id, reserve(books.balances, terms, run, credits), {
              reserved: credits,
              closed: false,
            });
          } else if (what === "settle") books.take(id, settle(run, credits), { ...run, closed: true });
          else books.take(id, release(run), { ...run, closed: true });
          const { granted, available, reserved, spent } = books.accounts;
          expect(available).toBeGreaterThanOrEqual(0);
          expect(reserved).toBeGreaterThanOrEqual(0);
          expect(granted + available + reserved + spent).toBe(0);
          if (cap > 0) expect(reserved + spent).toBeLessThanOrEqual(cap);
          const open = [...books.runs.values()].filter((each) => !each.closed);
          expect(open.reduce((sum, each) => sum + (each.reserved ?? 0), 0)).toBe(reserved);
        }
      }),
    );
  });

  it("never book more than was reserved", () => {
    expect(settle({ reserved: 5, closed: false }, 9)).toEqual({
      kind: "post",
      postings: { reserved: -5, spent: 5, available: 0 },
    });
  });

  it("say whether the cap or the balance stands in the way", () => {
    const none = { reserved: undefined, closed: false };
    const balances = { available: 10, reserved: 4, spentInMonth: 14 };
    expect(reserve(balances, { ...TERMS, monthlyCap: 20 }, none, 3)).toEqual({
      kind: "refuse",
      reason: "cap_reached",
    });
    expect(reserve(balances, TERMS, none, 11)).toEqual({ kind: "refuse", reason: "credits_exhausted" });
  });

  it.each([
    [{ available: 21, reserved: 0, spentInMonth: 79 }, 0, false],
    [{ available: 20, reserved: 0, spentInMonth: 80 }, 0, true],
    [{ available: 90, reserved: 8, spentInMonth: 8 }, 20, true],
  ])("count %o under a cap of %i as low: %s", (balances, monthlyCap, low) => {
    expect(isLow(balances, { monthlyCredits: 100, monthlyCap })).toBe(low);
  });
});

describe("months", () => {
  it("begin at midnight where the tenant is", () => {
    const instant = new Date("2026-12-31T23:30:00Z");
    expect(monthOf(instant, "UTC")).toBe("2026-12");
    expect(monthOf(instant, "Europe/Berlin")).toBe("2027-01");
    expect(dayOf(instant, "not a zone")).toBe("2026-12-31");
  });

  it("come back to the 31st after a short one", () => {
    expect(monthAfter("2027-01-31", 31)).toBe("2027-02-28");
    expect(monthAfter("2027-02-28", 31)).toBe("2027-03-31");
    expect(monthAfter("2026-12-15", 15)).toBe("2027-01-15");
  });

  it("are renewed one by one, on the day the subscription began or the last of a shorter month", () => {
    const day = fc.integer({ min: 0, max: 3 * 366 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)));
    fc.assert(
      fc.property(day, (began) => {
        const first = began.toISOString().slice(0, 10);
        let [start, next] = [first, monthAfter(first, began.getUTCDate())];
        for (let months = 1; months <= 50; months++) {
          const last = new Date(Date.UTC(began.getUTCFullYear(), began.getUTCMonth() + months + 1, 0));
          last.setUTCDate(Math.min(last.getUTCDate(), began.getUTCDate()));
          expect(next).toBe(last.toISOString().slice(0, 10));
          [start, next] = [next, renewalAfter(start, next)];
        }
      }),
    );
  });
});
