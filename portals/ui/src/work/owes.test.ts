import { describe, expect, it } from "vitest";
import { age, owesSentence } from "./owes.ts";

const now = Date.parse("2026-12-10T12:00:00Z");

describe("who owes the next move", () => {
  it("names the party, the verb and how long", () => {
    const owed = { party: "client", state: "client_review", since: "2026-12-08T11:00:00Z" } as const;
    expect(owesSentence(owed, now)).toEqual({ text: "Client to approve · 2 d", late: false });
  });
  it("is late only past its promise", () => {
    const owed = { party: "reviewer", state: "dm_review", due: "2026-12-10T11:59:00Z" } as const;
    expect(owesSentence(owed, now).late).toBe(true);
    expect(owesSentence({ ...owed, due: "2026-12-10T12:01:00Z" }, now).late).toBe(false);
  });
  it("says nothing about finished work", () => {
    expect(owesSentence({ party: "none", state: "published" }, now).text).toBe("");
  });
  it("tells ages in their largest unit and never in negatives", () => {
    expect([-5, 59_000, 300_000, 7_200_000, 90_000_000, 2_592_000_000].map(age)).toEqual([
      "now",
      "now",
      "5 min",
      "2 h",
      "1 d",
      "4 w",
    ]);
  });
});
