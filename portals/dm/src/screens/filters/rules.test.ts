import type { SavedFilter } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { boardFilterOf, isNarrow, kept, queueFilterOf, sameFilter } from "./rules.ts";

const saved: SavedFilter = {
  place: "queue",
  name: "Late",
  tenantRef: "",
  contentType: null,
  title: "rye",
  escalated: false,
  overdue: true,
  status: "",
  isDefault: false,
};

describe("a saved filter", () => {
  it("narrows its list to what it says and to nothing else", () => {
    expect(sameFilter(queueFilterOf(saved), { overdue: true, title: "rye" })).toBe(true);
    expect(isNarrow(queueFilterOf({ ...saved, overdue: false, title: "" }))).toBe(false);
    expect(
      sameFilter(boardFilterOf({ ...saved, status: "dm_review" }), { status: "dm_review", title: "rye" }),
    ).toBe(true);
  });
  it("is sent with what it narrows", () => {
    expect(kept("queue", "Late", { overdue: true, title: " rye ", escalated: false }, true)).toEqual({
      place: "queue",
      name: "Late",
      isDefault: true,
      overdue: true,
      title: "rye",
    });
  });
  it("shows the same as another in whatever order and with whatever left empty", () => {
    expect(sameFilter({ overdue: true, title: "a" }, { title: "a", overdue: true, status: "" })).toBe(true);
    expect(sameFilter({ overdue: true }, {})).toBe(false);
  });
});
