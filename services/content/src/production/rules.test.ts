import { describe, expect, it } from "vitest";
import type { StatusName } from "../db.ts";
import { afterRejection, contentHash, isCurrent, mayFollow, owedBy, slugOf } from "./rules.ts";

describe("the state machine", () => {
  it("goes the way of the main job", () => {
    const way: StatusName[] = [
      "planned",
      "queued",
      "working",
      "dm_review",
      "client_review",
      "approved",
      "publishing",
      "published",
    ];
    for (const [index, to] of way.slice(1).entries())
      expect(mayFollow(way[index] ?? "planned", to)).toBe(true);
  });
  it("never publishes what wasn't approved, and leaves no final state", () => {
    expect(mayFollow("dm_review", "publishing")).toBe(false);
    expect(mayFollow("client_review", "published")).toBe(false);
    expect(mayFollow("published", "on_hold")).toBe(false);
    expect(mayFollow("cancelled", "queued")).toBe(false);
  });
  it("can hold and cancel anything before publishing, nothing after", () => {
    expect([
      mayFollow("dm_review", "on_hold"),
      mayFollow("on_hold", "dm_review"),
      mayFollow("publishing", "cancelled"),
      mayFollow("unconfirmed", "on_hold"),
    ]).toEqual([true, true, false, false]);
  });
  it("always names who owes the next move", () => {
    expect([
      owedBy("dm_review", true),
      owedBy("client_review", true),
      owedBy("approved", true),
      owedBy("approved", false),
    ]).toEqual(["reviewer", "client", "channel", "nobody"]);
  });
});

describe("a decision", () => {
  const now = { status: "dm_review" as const, version: 4, content_hash: "h" };
  it("counts only on the present state, version and text", () => {
    expect(isCurrent(now, "dm_review", { version: 4, contentHash: "h" })).toBe(true);
    expect(isCurrent(now, "dm_review", { version: 3, contentHash: "h" })).toBe(false);
    expect(isCurrent(now, "dm_review", { version: 4, contentHash: "older" })).toBe(false);
    expect(isCurrent(now, "client_review", { version: 4, contentHash: "h" })).toBe(false);
  });
  it("that rejects for the third time calls a person", () => {
    expect([0, 1, 2].map((before) => afterRejection(before).escalated)).toEqual([false, false, true]);
  });
});

it("a hash changes with a letter", () =>
  expect(contentHash({ title: "a", body: "b" })).not.toBe(contentHash({ title: "a", body: "b " })));
it("a slug is plain", () =>
  expect(slugOf("Straße & Crème brûlée: 3 Tips!")).toBe("stra-e-creme-brulee-3-tips"));
