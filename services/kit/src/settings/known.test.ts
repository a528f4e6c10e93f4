import { expect, it } from "vitest";
import { newId, toRef } from "../ids.ts";
import { flagKey, KnownSettings, settingKey } from "./known.ts";

const tenant = toRef(newId());

it("what holds is what was heard last; what can't be read leaves the default in force", () => {
  const known = new KnownSettings();
  const banner = settingKey("portals.banner");
  expect(known.get("portals.banner")).toBe("");
  known.apply(banner, JSON.stringify("Back at nine"));
  expect(known.get("portals.banner")).toBe("Back at nine");
  for (const wrong of [undefined, "{", "7", JSON.stringify("x".repeat(500))]) {
    known.apply(banner, JSON.stringify("Back at ten"));
    known.apply(banner, wrong);
    expect(known.get("portals.banner")).toBe("");
  }
  known.apply("setting.no-such", "1");
});

it("a feature is everybody's by default, and whose it is said to be once that was heard", () => {
  const known = new KnownSettings();
  const key = flagKey("calendar_drag");
  expect(known.has("calendar_drag", tenant)).toBe(true);
  known.apply(key, JSON.stringify({ percent: 0, on: [], off: [] }));
  expect(known.has("calendar_drag", tenant)).toBe(false);
  known.apply(key, JSON.stringify({ percent: 0, on: [tenant], off: [] }));
  expect(known.has("calendar_drag", tenant)).toBe(true);
  known.apply(key, JSON.stringify({ percent: "all" }));
  expect(known.has("calendar_drag", tenant)).toBe(true);
});
