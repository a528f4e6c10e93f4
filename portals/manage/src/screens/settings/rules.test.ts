import { expect, it } from "vitest";
import { isFound, valueText } from "./rules.ts";

it("a value reads as what it stands for", () => {
  expect(valueText({ type: "switch", unit: "" }, "true")).toBe("On");
  expect(valueText({ type: "number", unit: "hours" }, "24")).toBe("24 hours");
  expect(valueText({ type: "text", unit: "" }, "")).toBe("Nothing");
  expect(valueText({ type: "text", unit: "" }, "Back at nine")).toBe("“Back at nine”");
});

it("is found by any of its words, in any order", () => {
  const setting = { name: "promise.dm_review_hours", title: "Promise of the DM review", what: "How long" };
  expect(isFound(setting, "review promise")).toBe(true);
  expect(isFound(setting, "dm_review")).toBe(true);
  expect(isFound(setting, "  ")).toBe(true);
  expect(isFound(setting, "review banner")).toBe(false);
});
