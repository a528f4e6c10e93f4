import { expect, it } from "vitest";
import { safeNext } from "./next.ts";

it("goes back only to pages of this portal after signing in", () => {
  expect(safeNext("/plans/1?x=2")).toBe("/plans/1?x=2");
  for (const bad of [
    undefined,
    "",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/login?next=/",
  ]) {
    expect(safeNext(bad)).toBe("/");
  }
});
