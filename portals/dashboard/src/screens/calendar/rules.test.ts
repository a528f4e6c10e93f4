import { CalendarDate } from "@internationalized/date";
import { describe, expect, it } from "vitest";
import { dayOf, daysOf, momentOf, movedTo, stretchOf, timeText } from "./rules.ts";

describe("the grid", () => {
  it("has whole weeks that begin where the locale has them begin", () => {
    const british = daysOf("month", new CalendarDate(2026, 12, 15), "en-GB");
    expect([british[0]?.toString(), british.at(-1)?.toString()]).toEqual(["2026-11-30", "2027-01-03"]);
    const american = daysOf("month", new CalendarDate(2026, 12, 15), "en-US");
    expect([american[0]?.toString(), american.at(-1)?.toString()]).toEqual(["2026-11-29", "2027-01-02"]);
    expect(daysOf("month", new CalendarDate(2027, 2, 1), "en-GB")).toHaveLength(28);
    expect(daysOf("week", new CalendarDate(2026, 12, 31), "en-GB").map(String)).toEqual([
      "2026-12-28",
      "2026-12-29",
      "2026-12-30",
      "2026-12-31",
      "2027-01-01",
      "2027-01-02",
      "2027-01-03",
    ]);
  });

  it("spans the company's days, not the browser's", () => {
    const days = daysOf("week", new CalendarDate(2026, 10, 21), "en-GB");
    // The clocks go back on the 25th: the week is an hour longer.
    expect(stretchOf(days, "Europe/Berlin")).toEqual({
      start: "2026-10-18T22:00:00.000Z",
      end: "2026-10-25T23:00:00.000Z",
    });
  });

  it("puts a moment on the day it is on where the company is", () => {
    expect(dayOf("2026-12-31T23:30:00Z", "Europe/Berlin").toString()).toBe("2027-01-01");
    expect(dayOf("2026-12-31T23:30:00Z", "America/New_York").toString()).toBe("2026-12-31");
  });
});

describe("moving an item to another day", () => {
  it("keeps the time of day over a change of the clocks", () => {
    const summer = "2026-10-24T07:00:00Z";
    expect(movedTo(new CalendarDate(2026, 10, 26), summer, "Europe/Berlin")).toBe("2026-10-26T08:00:00.000Z");
  });

  it("moves on with the clock where the hour is left out, and takes the first where it comes twice", () => {
    const halfPastTwo = "2026-03-28T01:30:00Z";
    expect(movedTo(new CalendarDate(2026, 3, 29), halfPastTwo, "Europe/Berlin")).toBe(
      "2026-03-29T01:30:00.000Z",
    );
    expect(momentOf("2026-10-25", "02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
  });

  it("gives what had no date nine in the morning", () =>
    expect(movedTo(new CalendarDate(2026, 12, 1), undefined, "Asia/Kolkata")).toBe(
      "2026-12-01T03:30:00.000Z",
    ));
});

it("times are read and written in the company's zone", () => {
  expect(timeText("2026-07-01T07:05:00Z", "Europe/Berlin")).toBe("09:05");
  expect(momentOf("2026-07-01", "09:05", "Europe/Berlin")).toBe("2026-07-01T07:05:00.000Z");
  expect(momentOf("2026-07-01", "9", "Europe/Berlin")).toBeUndefined();
});
