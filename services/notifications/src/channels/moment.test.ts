import { expect, it } from "vitest";
import { momentText } from "./moment.ts";

it("a moment is told by the clock of where the reader is, and which clock that is", () => {
  const at = new Date("2026-12-01T23:30:00Z");
  expect(momentText(at, "UTC")).toBe("Tuesday 1 December at 23:30 (UTC)");
  expect(momentText(at, "Europe/Berlin")).toBe("Wednesday 2 December at 00:30 (Europe/Berlin)");
  expect(momentText(at, "Asia/Kolkata")).toBe("Wednesday 2 December at 05:00 (Asia/Kolkata)");
});
