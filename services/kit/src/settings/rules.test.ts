import { describe, expect, it } from "vitest";
import { newId, toRef } from "../ids.ts";
import { FLAGS, SETTINGS } from "./registry.ts";
import { hasFeature, settingProblem } from "./rules.ts";

const share = (percent: number) => ({ percent, on: [], off: [] });
const tenants = Array.from({ length: 4_000 }, () => toRef(newId()));

describe("the value of a setting", () => {
  it("is of its type and within its bounds", () => {
    const hours = SETTINGS["promise.dm_review_hours"];
    expect(settingProblem(hours, 24)).toBeUndefined();
    for (const wrong of [0, 169, 1.5, "24", null, Number.NaN])
      expect(settingProblem(hours, wrong)).toBe("must be a whole number of hours from 1 to 168");
    expect(settingProblem(SETTINGS["sign_up.open"], "true")).toBe("must be true or false");
    const banner = SETTINGS["portals.banner"];
    expect(settingProblem(banner, "ä".repeat(200))).toBeUndefined();
    for (const wrong of ["ä".repeat(201), "two\nlines", 5])
      expect(settingProblem(banner, wrong)).toContain("one line");
  });

  it("is right where nobody has changed it", () => {
    for (const setting of Object.values(SETTINGS))
      expect(settingProblem(setting, setting.default)).toBeUndefined();
    for (const flag of Object.values(FLAGS)) expect(flag.default).toBeGreaterThanOrEqual(0);
  });
});

describe("a feature", () => {
  it("is had by nobody at 0 %, by everybody at 100 %, and by about its share between", () => {
    const having = (percent: number) => tenants.filter((ref) => hasFeature("f", ref, share(percent))).length;
    expect(having(0)).toBe(0);
    expect(having(100)).toBe(tenants.length);
    expect(Math.abs(having(25) / tenants.length - 0.25)).toBeLessThan(0.04);
  });

  it("is taken from nobody when its share grows", () => {
    for (const ref of tenants)
      if (hasFeature("f", ref, share(20))) expect(hasFeature("f", ref, share(60))).toBe(true);
  });

  it("comes to others first than another feature does", () => {
    const first = tenants.filter((ref) => hasFeature("f", ref, share(10)));
    const also = first.filter((ref) => hasFeature("g", ref, share(10)));
    expect(also.length / first.length).toBeLessThan(0.3);
  });

  it("is had or not by who was named, whatever the share; not having it wins", () => {
    expect(hasFeature("f", "a", { percent: 0, on: ["a"], off: [] })).toBe(true);
    expect(hasFeature("f", "a", { percent: 100, on: [], off: ["a"] })).toBe(false);
    expect(hasFeature("f", "a", { percent: 100, on: ["a"], off: ["a"] })).toBe(false);
  });
});
