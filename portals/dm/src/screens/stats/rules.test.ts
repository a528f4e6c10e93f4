import { expect, it } from "vitest";
import { summaryOf } from "./rules.ts";

const day = (approved: number, edited: number, rejected: number) => ({
  day: "2026-11-21",
  approved,
  edited,
  rejected,
});

it("adds a reviewer's days up, counting only those they worked on", () => {
  const days = [day(6, 2, 2), day(0, 0, 0), day(9, 0, 1)];
  expect(summaryOf({ days, reasons: [], wordsChanged: 50, wordsTotal: 200 })).toEqual({
    decided: 20,
    perDay: 10,
    rejectedShare: 0.15,
    editedShare: 0.25,
  });
});

it("says nothing of what there was none of", () => {
  expect(summaryOf({ days: [day(0, 0, 0)], reasons: [], wordsChanged: 0, wordsTotal: 0 })).toEqual({
    decided: 0,
    perDay: 0,
    rejectedShare: 0,
    editedShare: undefined,
  });
});
