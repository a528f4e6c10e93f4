import { expect, it } from "vitest";
import { clockOf } from "./sla.ts";

const now = Date.parse("2026-11-21T12:00:00Z");

it("tells how much of a promise is left, and when it is broken", () => {
  expect(clockOf("2026-11-21T12:00:20Z", now)).toEqual({ text: "1 min left", tone: "soon" });
  expect(clockOf("2026-11-21T13:30:00Z", now)).toEqual({ text: "2 h left", tone: "soon" });
  expect(clockOf("2026-11-22T12:00:00Z", now)).toEqual({ text: "24 h left", tone: "plain" });
  expect(clockOf("2026-11-21T11:15:00Z", now)).toEqual({ text: "45 min late", tone: "late" });
  expect(clockOf("2026-11-18T12:00:00Z", now)).toEqual({ text: "3 d late", tone: "late" });
  expect([clockOf(null, now), clockOf("soon", now)]).toEqual([undefined, undefined]);
});
