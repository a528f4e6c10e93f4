import { expect, it } from "vitest";
import { heldByOther, holderName } from "./claims.ts";

const claim = {
  activityRef: "A",
  tenantRef: "T",
  claimedBy: { kind: "user", id: "ANN" },
  name: "Ann Ray",
  claimedOn: "2026-11-21T12:00:00Z",
  expiresOn: "2026-11-21T12:01:30Z",
};
const during = Date.parse("2026-11-21T12:01:00Z");

it("a draft is somebody else's while their claim lasts, never one's own", () => {
  expect(heldByOther(claim, "BEN", during)).toBe(claim);
  expect(heldByOther(claim, "ANN", during)).toBeUndefined();
  expect(heldByOther(claim, "BEN", Date.parse("2026-11-21T12:02:00Z"))).toBeUndefined();
  expect(heldByOther(undefined, "BEN", during)).toBeUndefined();
});

it("a holder without a known name is still somebody", () => {
  expect(holderName(claim)).toBe("Ann Ray");
  expect(holderName({ ...claim, name: "" })).toBe("Another reviewer");
});
