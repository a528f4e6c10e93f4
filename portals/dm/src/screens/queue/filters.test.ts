import { describe, expect, it } from "vitest";
import { isNarrow, readFilters, sameFilter, withFilter } from "./filters.ts";

describe("saved filters", () => {
  it("come back as they were kept, and broken ones count as none", () => {
    const one = { name: "Late", filter: { overdue: true } };
    expect(readFilters(JSON.stringify([one]))).toEqual([one]);
    expect(readFilters(JSON.stringify([one, { name: 3 }, "x"]))).toEqual([one]);
    expect([readFilters("{"), readFilters(null), readFilters("{}")]).toEqual([[], [], []]);
  });
  it("replace one of the same name and keep the newest twelve", () => {
    const filters = Array.from({ length: 12 }, (_, index) => ({ name: `${index}`, filter: {} }));
    expect(withFilter(filters, { name: "3", filter: { overdue: true } })).toHaveLength(12);
    expect(withFilter(filters, { name: "new", filter: {} }).map(({ name }) => name)).not.toContain("0");
  });
  it("are the same when they show the same", () => {
    expect(sameFilter({ overdue: true, title: "" }, { overdue: true })).toBe(true);
    expect(sameFilter({ tenantRef: "A" }, { tenantRef: "B" })).toBe(false);
    expect([isNarrow({}), isNarrow({ title: "" }), isNarrow({ escalated: true })]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
