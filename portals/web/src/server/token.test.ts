import { describe, expect, it } from "vitest";
import { applySetCookies, formatCookies, isStale, parseCookies } from "./token.ts";

const token = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
const now = 1_800_000_000_000;

describe("a session's cookies", () => {
  it("are refreshed shortly before the access token ends, and when it can't be read", () => {
    expect(isStale(token({ exp: now / 1000 + 31 }), now)).toBe(false);
    expect(isStale(token({ exp: now / 1000 + 30 }), now)).toBe(true);
    expect(isStale("not-a-token", now)).toBe(true);
    expect(isStale(token({ exp: "soon" }), now)).toBe(true);
    expect(isStale(undefined, now)).toBe(true);
  });
  it("keep values with equal signs and lose those the gateway ended", () => {
    const cookies = parseCookies("a=1; dm_refresh_token=x==; gone=y");
    expect(cookies.get("dm_refresh_token")).toBe("x==");
    const next = applySetCookies(cookies, ["a=2; Path=/; HttpOnly", "gone=; Max-Age=0", "junk"]);
    expect(formatCookies(next)).toBe("a=2; dm_refresh_token=x==");
  });
});
