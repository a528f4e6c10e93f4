import { describe, expect, it } from "vitest";
import { keysToRenew, readEvent, readProgress } from "./events.ts";

describe("a live event", () => {
  it("renews the lists it touches, and the audit trail with them", () => {
    expect(keysToRenew("content.activity.transitioned")).toEqual([
      "activities",
      "approvals",
      "queue",
      "periods",
      "runs",
      "audit",
    ]);
    expect(keysToRenew("notifications.notification.created")).toEqual(["notifications"]);
  });
  it("that only carries text renews nothing, and neither does one nobody knows", () => {
    expect(keysToRenew("agents.run.progressed")).toEqual([]);
    expect(keysToRenew("weather.cloud.moved")).toEqual([]);
  });
  it("is dropped when it is not one", () => {
    expect(readEvent("ping")).toBeUndefined();
    expect(readEvent("[]")).toBeUndefined();
    expect(readProgress({ runRef: 1, events: [] })).toBeUndefined();
    expect(
      readProgress({ runRef: "r", events: [null, { sequence: "4", textDelta: "a" }] })?.events,
    ).toHaveLength(1);
  });
});
