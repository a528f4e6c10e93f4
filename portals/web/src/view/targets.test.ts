import { describe, expect, it } from "vitest";
import type { Activity, Target } from "../api/shapes.ts";
import { momentOf, targetOwes, targetState } from "./targets.ts";

const now = Date.parse("2026-12-01T08:00:00Z");
const target = (rest: Partial<Target> = {}): Target => ({
  channelRef: "C1",
  channelName: "Blog",
  channelUrl: "https://blog.example",
  decision: "approved",
  note: "",
  publicationRef: "P1",
  publicationStatus: "prepared",
  url: "",
  problem: "",
  owedBy: "channel",
  ...rest,
});
const item = (rest: Partial<Activity> = {}): Activity => ({
  ref: "A1",
  tenantRef: "T1",
  planRef: "",
  contentType: "blog_post",
  title: "Rye",
  status: "publishing",
  revisionNumber: 1,
  contentHash: "h",
  rejections: 0,
  escalated: false,
  approvedBySetting: false,
  skipsClientReview: false,
  version: 1,
  targets: [target(), target({ channelRef: "C2" })],
  ...rest,
});

describe("a channel of an item", () => {
  it("has a state of its own, in the item's words", () => {
    const states = (["confirmed", "unconfirmed", "failed", "sending", "accepted", "prepared"] as const).map(
      (publicationStatus) => targetState(target({ publicationStatus }), item(), now),
    );
    expect(states).toEqual([
      "published",
      "unconfirmed",
      "publish_failed",
      "publishing",
      "publishing",
      "approved",
    ]);
    const waiting = target({ publishOn: "2026-12-02T08:00:00Z" });
    expect(targetState(waiting, item(), now)).toBe("scheduled");
    expect(targetState(waiting, item({ status: "on_hold" }), now)).toBe("on_hold");
    expect(targetState(target({ decision: "declined" }), item(), now)).toBe("declined");
    expect(targetState(target({ publicationStatus: null }), item({ status: "dm_review" }), now)).toBe(
      "dm_review",
    );
  });
  it("goes at its own moment, else at the item's", () => {
    expect(momentOf({ publishOn: null }, { publishOn: "b" })).toBe("b");
    expect(momentOf({ publishOn: "a" }, { publishOn: "b" })).toBe("a");
    expect(momentOf({}, {})).toBeUndefined();
  });
  it("owes nothing once it is out", () =>
    expect(targetOwes(target({ owedBy: "nobody" }), item(), "published").party).toBe("none"));
});
