import { expect, it } from "vitest";
import { keepUntil } from "./rules.ts";

it("books are kept for ten years after the end of the year", () => {
  expect(keepUntil(new Date("2026-01-01T00:00:00Z"))).toBe("2036-12-31");
  expect(keepUntil(new Date("2026-12-31T23:59:59Z"))).toBe("2036-12-31");
});
