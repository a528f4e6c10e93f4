import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretBox } from "./secrets.ts";

const key = (kid: string) => `${kid}:${randomBytes(32).toString("base64")}`;
const old = key("2026-01");
const current = key("2026-07");

describe("a sealed value", () => {
  it("opens to what was sealed and shows nothing of it", () => {
    const box = secretBox(current);
    fc.assert(
      fc.property(fc.string(), fc.string(), (plain, aad) => box.open(box.seal(plain, aad), aad) === plain),
    );
    expect(box.seal("application password", "channel:1")).not.toContain("application");
    expect(box.seal("same", "channel:1")).not.toBe(box.seal("same", "channel:1"));
  });

  it("does not open in another record, or when a bit of it was changed", () => {
    const box = secretBox(current);
    const sealed = box.seal("secret", "channel:1");
    expect(() => box.open(sealed, "channel:2")).toThrow();
    const bytes = Buffer.from(sealed.split(".")[2] ?? "", "base64url");
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    expect(() => box.open(`v1.2026-07.${bytes.toString("base64url")}`, "channel:1")).toThrow();
  });

  it("R-17: still opens after the keys were rotated, and asks to be sealed anew", () => {
    const sealed = secretBox(old).seal("secret", "channel:1");
    const rotated = secretBox(`${current},${old}`);
    expect(rotated.open(sealed, "channel:1")).toBe("secret");
    expect(rotated.outdated(sealed)).toBe(true);
    expect(rotated.outdated(rotated.seal("secret", "channel:1"))).toBe(false);
  });

  it("names the key that is missing", () => {
    const sealed = secretBox(old).seal("secret", "channel:1");
    expect(() => secretBox(current).open(sealed, "channel:1")).toThrow('no encryption key "2026-01"');
  });
});

it("a key of the wrong size is refused with what it needs", () => {
  expect(() => secretBox("short:aGVsbG8=")).toThrow('encryption key "short" has 5 bytes, it needs 32');
});
