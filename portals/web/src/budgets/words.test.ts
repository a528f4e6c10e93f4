import { expect, it } from "vitest";
import type { BudgetStanding } from "../api/shapes.ts";
import { standingText } from "./words.ts";

const standing = (more: Partial<BudgetStanding>): BudgetStanding => ({
  tenantRef: "t",
  scope: "tenant",
  role: "",
  metric: "runs",
  used: 3,
  reserved: 1,
  limit: 5,
  own: false,
  activityRef: "",
  activityTitle: "",
  ...more,
});
const said = (more: Partial<BudgetStanding>) =>
  standingText(standing(more), (_metric, value) => String(value));

it("says which cap is near its end or reached, and by how much", () => {
  expect(said({})).toBe("Near the month's cap on runs: 3 of 5 used and 1 held");
  expect(said({ own: true, used: 5 })).toBe("At its own cap on runs: 5 of 5 used");
  expect(said({ scope: "role", role: "blog-writer", reserved: 0, used: 4 })).toBe(
    "Near the month's cap of Blog writer on runs: 4 of 5 used",
  );
  expect(said({ scope: "activity", activityRef: "a", activityTitle: "Rye", used: 5 })).toBe(
    "At the cap of “Rye” on runs: 5 of 5 used",
  );
});
