import { expect, it } from "vitest";
import { atLeast, HIDDEN, momentOf, withoutSecretFields } from "./rules.ts";
import { namesPlatform } from "./target-environment.ts";

it("a moment is so long ago, or a time", () => {
  const now = new Date("2026-12-01T12:00:00Z");
  expect(momentOf("15m", now)?.toISOString()).toBe("2026-12-01T11:45:00.000Z");
  expect(momentOf("3d", now)?.toISOString()).toBe("2026-11-28T12:00:00.000Z");
  expect(momentOf("2026-11-30T08:00:00Z", now)?.toISOString()).toBe("2026-11-30T08:00:00.000Z");
  for (const nonsense of ["yesterday", "15", "-3h", "2026-13-40", ""])
    expect(momentOf(nonsense, now)).toBeUndefined();
});

it("what is named like a secret is hidden, however deep it lies", () => {
  expect(
    withoutSecretFields({ name: "blog", channel: { appPassword: "x", items: [{ api_key: "y", ok: 1 }] } }),
  ).toEqual({ name: "blog", channel: { appPassword: HIDDEN, items: [{ api_key: HIDDEN, ok: 1 }] } });
});

it("versions compare by number", () => {
  expect(atLeast("2.10.23", "2.10.9")).toBe(true);
  expect(atLeast("2.9.10", "2.10.23")).toBe(false);
  expect(atLeast("3", "2.10.23")).toBe(true);
});

it("a broker alone names a platform where none of npm start runs, and is only its broker's address where one does", () => {
  const broker = { NATS_URL: "nats://operator:x@nats:4222" };
  expect(namesPlatform(broker, () => false)).toBe(true);
  expect(namesPlatform(broker, () => true)).toBe(false);
  const database = { CONTENT_DATABASE_SYSTEM_URL: "postgres://content_system:x@db/content" };
  expect(namesPlatform({ ...broker, ...database }, () => true)).toBe(true);
  expect(namesPlatform(database, () => false)).toBe(false);
});
