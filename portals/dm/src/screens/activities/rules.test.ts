import type { Activity, ActivityStatus } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { boardOf, columns, moved } from "./rules.ts";

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
