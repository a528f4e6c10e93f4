import { describe, expect, it } from "vitest";
import { holderOf, isTimeZone, lastDays, wordsChanged } from "./rules.ts";

const now = new Date("2026-11-21T12:00:00Z");
const claim = { claimed_by: "user:A", lease_until: new Date("2026-11-21T12:01:00Z") };

describe("a claim", () => {
  it("is the holder's while its lease runs, and nobody's afterwards", () => {
    expect(holderOf(claim, "user:A", now)).toBe("mine");
    expect(holderOf(claim, "user:B", now)).toBe("other");
    expect(holderOf({ ...claim, lease_until: now }, "user:B", now)).toBe("nobody");
    expect(holderOf({ ...claim, lease_until: now }, "user:A", now)).toBe("nobody");
    expect(holderOf(undefined, "user:A", now)).toBe("nobody");
  });
});

describe("how much a reviewer changed", () => {
  it("counts words put in, taken out and replaced", () => {
    expect(wordsChanged("the bread rests", "the bread rests")).toEqual({ changed: 0, total: 3 });
    expect(wordsChanged("the bread rests", "the dark bread rests long")).toEqual({ changed: 2, total: 5 });
    expect(wordsChanged("the bread rests", "the dough rests")).toEqual({ changed: 1, total: 3 });
    expect(wordsChanged("", "a whole text")).toEqual({ changed: 3, total: 3 });
    expect(wordsChanged("gone", "")).toEqual({ changed: 1, total: 1 });
  });
  it("stays quick for a text of thirty thousand words that was written anew", () => {
    const before = Array.from({ length: 30_000 }, (_, index) => `w${index}`).join(" ");
    const after = Array.from({ length: 30_000 }, (_, index) => `${index % 2 ? "w" : "x"}${index}`).join(" ");
    const began = performance.now();
    const { changed, total } = wordsChanged(before, after);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect({ changed, total }).toEqual({ changed: 15_000, total: 30_000 });
  });
});

describe("the days of a report", () => {
  it("end with today as it is where the reviewer is", () => {
    const late = new Date("2026-12-31T23:30:00Z");
    expect(lastDays(late, 2, "UTC")).toEqual(["2026-12-30", "2026-12-31"]);
    expect(lastDays(late, 2, "Europe/Berlin")).toEqual(["2026-12-31", "2027-01-01"]);
  });
  it("know a time zone from a word", () => {
    expect([isTimeZone("Asia/Kolkata"), isTimeZone("Bakery/Oven")]).toEqual([true, false]);
  });
});
