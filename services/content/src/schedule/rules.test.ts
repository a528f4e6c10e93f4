import { describe, expect, it } from "vitest";
import { conflictsOf, momentProblem, type Slotted } from "./rules.ts";

const now = new Date("2026-12-01T08:00:00Z");
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const item = (id: string, slot: Date, rest: Partial<Slotted> = {}): Slotted => ({
  id,
  title: id,
  status: "approved",
  channels: [{ id: "site", status: "connected" }],
  out: false,
  slot,
  ...rest,
});
const kinds = (items: Slotted[], id: string) => {
  const conflicts = conflictsOf(items, now);
  return items
    .filter((one) => one.id === id)
    .flatMap((one) => conflicts.get(one) ?? [])
    .map(({ kind }) => kind);
};

describe("what stands in the way of an item", () => {
  it("is another one on the same channel within the hour", () => {
    const two = [item("a", inHours(48)), item("b", inHours(48.9))];
    expect(kinds(two, "a")).toEqual(["crowded"]);
    expect(kinds([item("a", inHours(48)), item("b", inHours(49))], "a")).toEqual([]);
    const other = item("b", inHours(48), { channels: [{ id: "other", status: "connected" }] });
    expect(kinds([item("a", inHours(48)), other], "a")).toEqual([]);
  });

  it("is another one on any of its channels, and never itself at another moment", () => {
    const both = item("a", inHours(48), {
      channels: [
        { id: "site", status: "connected" },
        { id: "other", status: "connected" },
      ],
    });
    const other = item("b", inHours(48), { channels: [{ id: "other", status: "connected" }] });
    expect(kinds([both, other], "a")).toEqual(["crowded"]);
    expect(kinds([both, item("a", inHours(48.5))], "a")).toEqual([]);
  });

  it("isn't a cancelled one", () =>
    expect(kinds([item("a", inHours(48)), item("b", inHours(48), { status: "cancelled" })], "a")).toEqual(
      [],
    ));

  it("is a missing approval when its moment is less than a day away", () => {
    expect(kinds([item("a", inHours(23), { status: "client_review" })], "a")).toEqual(["not_approved"]);
    expect(kinds([item("a", inHours(25), { status: "client_review" })], "a")).toEqual([]);
  });

  it("is a channel that can't be published to", () =>
    expect(kinds([item("a", inHours(48), { channels: [{ id: "site", status: "expired" }] })], "a")).toEqual([
      "channel_down",
    ]));

  it("is nothing at a moment that is over, though another is to come", () =>
    expect(
      kinds([item("a", inHours(-3), { status: "scheduled", out: true }), item("b", inHours(-3))], "a"),
    ).toEqual([]));

  it("is nothing once it is out", () =>
    expect(kinds([item("a", inHours(-3), { status: "published" }), item("b", inHours(-3))], "a")).toEqual(
      [],
    ));
});

it("a moment is to come, and not beyond a year", () => {
  expect(momentProblem(inHours(1), now)).toBeUndefined();
  expect(momentProblem(new Date(now.getTime() - 60_000), now)).toBeUndefined();
  expect(momentProblem(inHours(-1), now)).toContain("has passed");
  expect(momentProblem(inHours(24 * 400), now)).toContain("year");
});
