import { expect, it } from "vitest";
import { perDay } from "./overview-rules.ts";

it("counts runs on the day they were asked for, and leaves out what is older or from tomorrow", () => {
  const now = Date.parse("2026-11-20T10:00:00Z");
  const run = (requestedOn: string) => ({
    ref: "r",
    tenantRef: "t",
    role: "x",
    title: "",
    status: "failed" as const,
    adapter: "",
    model: "",
    attempt: 1,
    credits: 0,
    problem: "",
    requestedOn,
  });
  const runs = [
    "2026-11-20T00:00:00Z",
    "2026-11-19T23:59:59Z",
    "2026-11-19T01:00:00Z",
    "2026-11-01T00:00:00Z",
    "2026-11-21T00:00:00Z",
  ].map(run);
  expect(perDay(runs, 3, now, () => true)).toEqual([0, 2, 1]);
});
