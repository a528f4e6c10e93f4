import type { Activity, Target } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { canLeaveOut, canMove } from "./targets.ts";

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
  it("can be moved and left out until it is in the air, and never the last one left out", () => {
    const may = (one: Target, of = item()) => [canMove(one, of), canLeaveOut(one, of)];
    expect(may(target())).toEqual([true, true]);
    expect(may(target({ publicationStatus: "failed" }), item({ status: "publish_failed" }))).toEqual([
      true,
      true,
    ]);
    for (const publicationStatus of ["sending", "accepted", "confirmed", "unconfirmed"] as const)
      expect(may(target({ publicationStatus }))).toEqual([false, false]);
    expect(may(target({ decision: "declined" }))).toEqual([false, false]);
    expect(may(target({ publicationStatus: null }), item({ status: "client_review" }))).toEqual([
      true,
      false,
    ]);
    expect(
      canLeaveOut(
        target(),
        item({ targets: [target(), target({ channelRef: "C2", decision: "declined" })] }),
      ),
    ).toBe(false);
  });
});
