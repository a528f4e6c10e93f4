import { describe, expect, it } from "vitest";
import { chooseMembership, judgeRefresh, lockFor, mayUse, passwordProblem } from "./rules.ts";

describe("a password", () => {
  it.each(["short", "password1234", "aaaaaaaaaaaa", "letmein123456", "clara-clara-1"])(
    "%s is refused",
    (password) => {
      expect(passwordProblem(password, "clara@bakery.example")).toBeTypeOf("string");
    },
  );
  it("that is a short sentence is taken", () => {
    expect(passwordProblem("rye and spelt at dawn", "clara@bakery.example")).toBeUndefined();
  });
});

describe("a lock", () => {
  it("comes with the fifth failure, doubles, and ends at an hour", () => {
    expect([4, 5, 6, 7, 50].map(lockFor)).toEqual([0, 60_000, 120_000, 240_000, 3_600_000]);
  });
});

describe("a refresh token", () => {
  const now = new Date();
  const later = new Date(now.getTime() + 1_000);
  it("is rotated once, and its second use ends the family", () => {
    expect(judgeRefresh({ usedOn: null, revokedOn: null, expiresOn: later }, now)).toBe("rotate");
    expect(judgeRefresh({ usedOn: now, revokedOn: null, expiresOn: later }, now)).toBe("reused");
    expect(judgeRefresh({ usedOn: null, revokedOn: now, expiresOn: later }, now)).toBe("ended");
    expect(judgeRefresh(undefined, now)).toBe("unknown");
  });
});

describe("a sign-in", () => {
  const all = [
    { tenantRef: "a", active: false },
    { tenantRef: "b", active: true },
    { tenantRef: "c", active: true },
  ];
  it("is for the tenant asked for, else the last, else the first that is active", () => {
    expect(chooseMembership(all, "c", undefined)?.tenantRef).toBe("c");
    expect(chooseMembership(all, "", "c")?.tenantRef).toBe("c");
    expect(chooseMembership(all, "", "a")?.tenantRef).toBe("b");
    expect(chooseMembership(all, "a", undefined)).toBeUndefined();
  });
  it("opens only the apps of one's role", () => {
    expect([
      mayUse("dm", "reviewer"),
      mayUse("manage", "reviewer"),
      mayUse("manage", "super_admin"),
      mayUse("dashboard", "reviewer"),
      mayUse("dm", null),
    ]).toEqual([true, false, true, false, false]);
  });
});
