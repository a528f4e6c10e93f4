import { describe, expect, it } from "vitest";
import { conflictsOf, momentProblem, type Slotted, waitsForItsHour } from "./rules.ts";

const now = new Date("2026-12-01T08:00:00Z");
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const item = (id: string, slot: Date, rest: Partial<Slotted> = {}): Slotted => ({
  id,
  title: id,
  status: "approved",
  channelId: "site",
  channelStatus: "connected",
  slot,
  ...rest,
});
const kinds = (items: Slotted[], id: string) =>
  (conflictsOf(items, now).get(id) ?? []).map(({ kind }) => kind);

describe("what stands in the way of an item", () => {
  it("is another one on the same channel within the hour", () => {
    const two = [item("a", inHours(48)), item("b", inHours(48.9))];
    expect(kinds(two, "a")).toEqual(["crowded"]);
    expect(kinds([item("a", inHours(48)), item("b", inHours(49))], "a")).toEqual([]);
    expect(kinds([item("a", inHours(48)), item("b", inHours(48), { channelId: "other" })], "a")).toEqual([]);
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
    expect(kinds([item("a", inHours(48), { channelStatus: "expired" })], "a")).toEqual(["channel_down"]));

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

it("approved content waits for its hour only when it has a channel and the hour is to come", () => {
  expect(waitsForItsHour({ channel_id: "site", publish_on: inHours(1) }, now)).toBe(true);
  expect(waitsForItsHour({ channel_id: null, publish_on: inHours(1) }, now)).toBe(false);
  expect(waitsForItsHour({ channel_id: "site", publish_on: inHours(-1) }, now)).toBe(false);
  expect(waitsForItsHour({ channel_id: "site", publish_on: null }, now)).toBe(false);
});
