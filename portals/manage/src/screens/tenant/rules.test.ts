import { describe, expect, it } from "vitest";
import { canCancel, erasedShare, impersonationState } from "./rules.ts";

describe("looking in a client's place", () => {
  const now = Date.parse("2026-11-21T10:00:00Z");
  const at = (expiresOn: string, opened: boolean, endedOn: string | null = null) =>
    impersonationState({ expiresOn, opened, endedOn }, now);
  it("waits for its ticket, goes on, and is over when it was ended or its time has passed", () => {
    expect(at("2026-11-21T10:20:00Z", false)).toBe("waiting");
    expect(at("2026-11-21T10:20:00Z", true)).toBe("looking");
    expect(at("2026-11-21T10:20:00Z", true, "2026-11-21T09:59:00Z")).toBe("over");
    expect(at("2026-11-21T10:00:00Z", true)).toBe("over");
  });
});

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
