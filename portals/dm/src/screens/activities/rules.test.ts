import type { Activity, ActivityStatus } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { boardOf, columns, mostUrgentFirst, moved, titled } from "./rules.ts";

const activity = (ref: string, status: ActivityStatus, owedSince: string, escalated = false) =>
  ({ ref, status, owedSince, escalated, owedBy: "reviewer" }) as Activity;

describe("the board", () => {
  it("shows every state once", () => {
    const all = columns.flatMap(({ statuses }) => statuses);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(15);
  });
  it("puts first what has waited longest, and before it what is stuck with people", () => {
    const [, review] = boardOf([
      activity("new", "dm_review", "2026-11-21T12:00:00Z"),
      activity("old", "dm_review", "2026-11-20T12:00:00Z"),
      activity("hard", "dm_review", "2026-11-21T13:00:00Z", true),
    ]);
    expect(review?.items.map(({ ref }) => ref)).toEqual(["hard", "old", "new"]);
  });
  it("is walked with arrows, passing over what is empty and stopping at its edges", () => {
    const board = boardOf([
      activity("a", "working", "2026-11-21T12:00:00Z"),
      activity("b", "working", "2026-11-21T12:01:00Z"),
      activity("c", "published", "2026-11-21T12:00:00Z"),
    ]);
    expect(moved(board, { column: 0, row: 1 }, { column: 1 })).toEqual({ column: 5, row: 0 });
    expect(moved(board, { column: 0, row: 1 }, { row: 1 })).toEqual({ column: 0, row: 1 });
    expect(moved(board, { column: 0, row: 0 }, { column: -1 })).toEqual({ column: 0, row: 0 });
    expect(moved(board, { column: 0, row: 0 }, { row: 1 })).toEqual({ column: 0, row: 1 });
  });
});

describe("what a search brings together", () => {
  const named = (ref: string, title: string, status: ActivityStatus = "working", updatedOn = "") =>
    ({ ...activity(ref, status, ""), title, updatedOn }) as Activity;

  it("is those at hand with these letters, large or small", () => {
    const all = [named("a", "Rye bread"), named("b", "Wheat")];
    expect(titled(all, "RYE b").map(({ ref }) => ref)).toEqual(["a"]);
    expect(titled(all, "")).toHaveLength(2);
  });

  it("has each once, what is stuck first, then what waits for the team, then the newest", () => {
    const [old, late, review, stuck] = [
      named("old", "Rye", "working", "2026-01-01"),
      named("late", "Rye", "working", "2026-02-01"),
      named("review", "Rye", "dm_review"),
      named("stuck", "Rye", "failed"),
    ];
    const found = mostUrgentFirst([old, late, review, stuck, late, old].filter((one) => one !== undefined));
    expect(found.map(({ ref }) => ref)).toEqual(["stuck", "review", "late", "old"]);
  });
});
