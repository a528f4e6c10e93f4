import { describe, expect, it } from "vitest";
import { refusalOf } from "./rules.ts";

const now = new Date("2026-12-01T08:00:00Z");
const link = {
  content_hash: "abc",
  expires_on: new Date("2026-12-03T08:00:00Z"),
  revoked_on: null,
  used_on: null,
};
const item = { title: "Rye", status: "client_review", content_hash: "abc" } as const;

describe("a mailed link", () => {
  it("works while its very text waits", () => expect(refusalOf(link, item, now)).toBeUndefined());
  it("works once", () => expect(refusalOf({ ...link, used_on: now }, item, now)?.reason).toBe("link_used"));
  it("ends when it is withdrawn, and with its time", () => {
    expect(refusalOf({ ...link, revoked_on: now }, item, now)?.reason).toBe("link_revoked");
    expect(refusalOf({ ...link, expires_on: now }, item, now)?.reason).toBe("link_expired");
  });
  it("never decides on another text, nor on what is decided or held", () => {
    expect(refusalOf(link, { ...item, content_hash: "abd" }, now)?.reason).toBe("link_outdated");
    expect(refusalOf(link, { ...item, status: "approved" }, now)?.message).toContain("it is approved");
    expect(refusalOf(link, { ...item, status: "on_hold" }, now)?.reason).toBe("link_outdated");
  });
});
