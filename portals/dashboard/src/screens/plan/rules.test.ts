import { describe, expect, it } from "vitest";
import { creditsOf, emptyPlan, itemsOf, mistakes, toInput, withChannel } from "./rules.ts";

const plan = emptyPlan(new Date("2026-11-20T12:00:00Z"), "en-GB");

describe("a plan while it is written", () => {
  it("starts as all of next month, over the turn of the year too", () => {
    expect(plan).toMatchObject({ title: "December 2026", start: "2026-12-01", end: "2026-12-31" });
    expect(emptyPlan(new Date("2026-12-31T12:00:00Z"), "en-GB")).toMatchObject({
      start: "2027-01-01",
      end: "2027-01-31",
    });
    expect(itemsOf(plan)).toBe(10);
  });
  it("is refused before it is sent when its days or quantities make no sense", () => {
    expect(mistakes(plan)).toEqual({});
    expect(mistakes({ ...plan, end: "2026-11-30" }).end).toBe("The last day is before the first.");
    expect(mistakes({ ...plan, end: "2028-01-01" }).end).toContain("year");
    for (const quantity of [0, -1, 10_000]) {
      expect(
        mistakes({ ...plan, rows: [{ key: "1", contentType: "blog_post", quantity }] }).deliverables,
      ).toBeDefined();
    }
    expect(mistakes({ ...plan, rows: [] }).deliverables).toBeDefined();
  });
  it("sends no keys of its own and no empty choices", () => {
    expect(
      toInput({
        ...plan,
        rows: [{ key: "x", contentType: "blog_post", quantity: 1, theme: " ", channelRefs: [] }],
      }).deliverables,
    ).toEqual([
      { contentType: "blog_post", quantity: 1, theme: undefined, channelRefs: undefined, goalRef: undefined },
    ]);
  });
  it("publishes blog posts on the one connected site, unless the person chose none", () => {
    const site = { ref: "C1", status: "connected" as const };
    const channels = (form: typeof plan) => form.rows.map((row) => row.channelRefs);
    expect(channels(withChannel(plan, [site]))).toEqual([["C1"], undefined]);
    expect(channels(withChannel(plan, [{ ...site, status: "expired" }]))).toEqual([undefined, undefined]);
    expect(channels(withChannel(plan, [site, { ...site, ref: "C2" }]))).toEqual([undefined, undefined]);
    const none = { ...plan, rows: plan.rows.map((row) => ({ ...row, channelRefs: [] })) };
    expect(channels(withChannel(none, [site]))).toEqual([[], []]);
  });
  it("costs what the templates say", () => {
    const templates = [{ contentType: "blog_post" as const, name: "", steps: [], credits: 12 }];
    expect(creditsOf({ contentType: "blog_post", quantity: 4 }, templates)).toBe(48);
    expect(creditsOf({ contentType: "social_post", quantity: 4 }, templates)).toBe(0);
  });
});
