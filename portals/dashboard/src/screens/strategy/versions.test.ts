import type { StrategyVersion } from "@leadmetrics/web";
import { expect, it } from "vitest";
import { asText, withOtherText } from "./versions.ts";

const version = (number: number, body: string, target = 9): StrategyVersion => ({
  version: number,
  title: "Rye",
  body,
  status: "draft",
  horizonMonths: 6,
  goals: [{ name: "Loaves", metric: "sold", baseline: 0, target, due: "2027-06-01" }],
});

it("is held against the last one that reads differently, goals included", () => {
  const [three, two, one] = [version(3, "a"), version(2, "a"), version(1, "a", 8)];
  expect(withOtherText([three, two, one], three)).toBe(one);
  expect(withOtherText([three, two], three)).toBeUndefined();
  expect(asText(one)).toContain("Loaves: sold from 0 to 8 by 2027-06-01");
});
