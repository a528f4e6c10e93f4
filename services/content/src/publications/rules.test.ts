import { describe, expect, it } from "vitest";
import { afterAbsence, mayGoOut, nextMove } from "./rules.ts";

const now = new Date();
const past = new Date(now.getTime() - 1);
const future = new Date(now.getTime() + 1_000);

describe("a publication", () => {
  it("whose sender is gone is looked up, never sent again blindly", () => {
    expect(nextMove({ status: "sending", lease_until: past, next_try: past }, now)).toBe("look_up");
    expect(nextMove({ status: "sending", lease_until: future, next_try: past }, now)).toBe("wait");
  });
  it("is sent when due, confirmed when accepted, left alone when settled", () => {
    expect(nextMove({ status: "prepared", lease_until: null, next_try: past }, now)).toBe("send");
    expect(nextMove({ status: "prepared", lease_until: null, next_try: future }, now)).toBe("wait");
    expect(nextMove({ status: "accepted", lease_until: past, next_try: past }, now)).toBe("confirm");
    expect(nextMove({ status: "confirmed", lease_until: null, next_try: past }, now)).toBe("wait");
  });
  it("goes out only with both approvals of exactly this text under an approved plan", () => {
    const approvals = [
      { step: "dm_review", decision: "approved", content_hash: "h" },
      { step: "client_review", decision: "approved", content_hash: "h" },
    ];
    const facts = {
      planStatus: "approved",
      activityStatus: "approved" as const,
      activityHash: "h",
      publicationHash: "h",
      decision: "approved" as const,
      approvals,
    };
    expect(mayGoOut(facts)).toBe(true);
    expect(mayGoOut({ ...facts, activityHash: "edited" })).toBe(false);
    expect(mayGoOut({ ...facts, approvals: approvals.slice(1) })).toBe(false);
    expect(mayGoOut({ ...facts, planStatus: "awaiting_approval" })).toBe(false);
    expect(mayGoOut({ ...facts, activityStatus: "on_hold" })).toBe(false);
    expect(mayGoOut({ ...facts, activityStatus: "cancelled" })).toBe(false);
    expect(mayGoOut({ ...facts, activityStatus: "published" })).toBe(false);
  });
  it("never goes to a channel that was declined, whatever else is approved", () => {
    const approvals = ["dm_review", "client_review"].map((step) => ({
      step,
      decision: "approved",
      content_hash: "h",
    }));
    const facts = { planStatus: "approved", activityHash: "h", publicationHash: "h", approvals };
    for (const activityStatus of [
      "approved",
      "scheduled",
      "publishing",
      "unconfirmed",
      "publish_failed",
    ] as const) {
      expect(mayGoOut({ ...facts, activityStatus, decision: "declined" })).toBe(false);
      expect(mayGoOut({ ...facts, activityStatus, decision: "approved" })).toBe(true);
    }
  });
  it("counts as not there only after several look-ups", () => {
    expect([0, 1, 2, 3].map((lookups) => afterAbsence(lookups).kind)).toEqual([
      "again",
      "again",
      "again",
      "sure",
    ]);
  });
});
