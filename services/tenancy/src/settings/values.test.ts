import { SETTINGS } from "@leadmetrics/kit";
import { expect, it } from "vitest";
import { readValue } from "./values.ts";

it("a setting's value is read as its type, and refused when it isn't one", () => {
  expect(readValue(SETTINGS["sign_up.open"], "false")).toEqual({ value: false });
  expect(readValue(SETTINGS["sign_up.open"], "no")).toEqual({ problem: "must be true or false" });
  expect(readValue(SETTINGS["promise.dm_review_hours"], " 12 ")).toEqual({ value: 12 });
  for (const wrong of ["", "twelve", "0", "169", "1e1000"])
    expect(readValue(SETTINGS["promise.dm_review_hours"], wrong)).toHaveProperty("problem");
  expect(readValue(SETTINGS["portals.banner"], " Back at nine. ")).toEqual({ value: "Back at nine." });
});
