import { describe, expect, it } from "vitest";
import { otpauthUri, plainCode, recoveryCodeOf, recoveryHash, stepOfCode, totpSecretOf } from "./rules.ts";

/** "12345678901234567890", the secret of RFC 6238's test vectors. */
const RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const at = (seconds: number) => new Date(seconds * 1_000);

describe("a code of an app", () => {
  it.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("is RFC 6238's at second %d", (seconds, code) => {
    expect(stepOfCode(RFC_SECRET, code, 0, at(seconds))).toBe(Math.floor(seconds / 30));
  });
  it("is taken one step early and late, not two", () => {
    const [before, after, tooLate, tooEarly] = [-30, 30, 60, -60].map((off) =>
      stepOfCode(RFC_SECRET, "005924", 0, at(1_234_567_890 + off)),
    );
    expect([before, after]).toEqual([41_152_263, 41_152_263]);
    expect([tooLate, tooEarly]).toEqual([undefined, undefined]);
  });
  it("is refused for a step that was taken, and for earlier ones", () => {
    const step = 41_152_263;
    expect(stepOfCode(RFC_SECRET, "005924", step - 1, at(1_234_567_890))).toBe(step);
    expect(stepOfCode(RFC_SECRET, "005924", step, at(1_234_567_890))).toBeUndefined();
    expect(stepOfCode(RFC_SECRET, "005924", step + 1, at(1_234_567_890))).toBeUndefined();
  });
  it.each(["", "00592", "0059244", "００５９２４", "🍞🍞🍞", "00592é"])("is digits, not %j", (typed) =>
    expect(stepOfCode(RFC_SECRET, typed, 0, at(1_234_567_890))).toBeUndefined(),
  );
  it("comes from a secret of 160 bits that apps can read", () => {
    const secret = totpSecretOf(Uint8Array.from({ length: 20 }, (_, index) => index));
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(otpauthUri(secret, "clara@bakery.example")).toBe(
      `otpauth://totp/Leadmetrics:clara%40bakery.example?issuer=Leadmetrics&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
  });
});

describe("a recovery code", () => {
  const code = recoveryCodeOf(Uint8Array.from({ length: 16 }, (_, index) => index * 17));
  it("has four groups, read from paper in any way", () => {
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    for (const typed of [code.toLowerCase(), code.replaceAll("-", " "), code.replaceAll("0", "o")])
      expect(plainCode(typed)).toBe(plainCode(code));
  });
  it("is another hash for another person", () => {
    expect(recoveryHash("a", plainCode(code))).not.toBe(recoveryHash("b", plainCode(code)));
  });
});
