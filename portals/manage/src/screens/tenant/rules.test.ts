import { describe, expect, it } from "vitest";
import { canCancel, erasedShare } from "./rules.ts";

describe("the end of a tenant", () => {
  it("is half way for a holder that is erased but not verified", () => {
    const step = (status: "waiting" | "erased" | "verified") => ({ holder: "x", status, stores: [] });
    expect(erasedShare([step("verified"), step("erased"), step("waiting"), step("waiting")])).toBe(0.375);
    expect(erasedShare([])).toBe(0);
  });
  it("can be taken back until erasing begins", () => {
    expect(canCancel("grace")).toBe(true);
    expect(canCancel("erasing")).toBe(false);
  });
});
