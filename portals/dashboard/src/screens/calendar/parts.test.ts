import type { Activity, CalendarEntry, Target } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { partOf, wholeOf } from "./parts.ts";

const target = (name: string, rest: Partial<Target> = {}): Target => ({
  channelRef: name,
  channelName: name,
  channelUrl: "",
  decision: "approved",
  note: "",
  publicationRef: "",
  url: "",
  problem: "",
  ...rest,
});
const item = (...targets: Target[]): Activity => ({
  ref: "A1",
  tenantRef: "T1",
  planRef: "",
  contentType: "blog_post",
  title: "Rye",
  status: "scheduled",
  revisionNumber: 1,
  contentHash: "h",
  rejections: 0,
  escalated: false,
  approvedBySetting: false,
  skipsClientReview: false,
  version: 1,
  targets,
});
const entry = (activity: Activity, slot: string, ...channelRefs: string[]): CalendarEntry => ({
  activity,
  slot,
  channelRefs,
  conflicts: [],
});

describe("a chip of the calendar", () => {
  it("is the whole item while its channels go together, declined ones left aside", () => {
    const both = item(target("Blog"), target("Shop"), target("News", { decision: "declined" }));
    const one = entry(both, "2026-12-01T08:00:00Z", "Blog", "Shop");
    expect(partOf(one, [one])).toMatchObject({
      key: "A1",
      targets: [],
      channels: "Blog, Shop",
      isMovable: true,
    });
  });
  it("is one channel of it when they part, and what is out stays where it is", () => {
    const both = item(target("Blog", { confirmedOn: "2026-12-01T08:00:00Z" }), target("Shop"));
    const entries = [
      entry(both, "2026-12-01T08:00:00Z", "Blog"),
      entry(both, "2026-12-03T08:00:00Z", "Shop"),
    ];
    expect(
      entries.map((one) => partOf(one, entries)).map((one) => [one.key, one.channels, one.isMovable]),
    ).toEqual([
      ["A1:Blog", "Blog", false],
      ["A1:Shop", "Shop", true],
    ]);
    // The other one lies in a month that isn't shown.
    const [, second] = entries;
    expect(second && partOf(second, [second]).key).toBe("A1:Shop");
  });
  it("is an item without a date", () =>
    expect(wholeOf(item())).toMatchObject({ key: "A1", slot: undefined, channels: "" }));
});
