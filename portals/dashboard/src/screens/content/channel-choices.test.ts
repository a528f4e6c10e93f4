import { describe, expect, it } from "vitest";
import { decisionsOf, verdictOf, whereText, withoutNote } from "./channel-choices.ts";

const channels = ["Blog", "Shop", "News"].map((name) => ({ channelRef: name, name }));
const no = { approved: false, note: "Too long" };

describe("the choice of channels", () => {
  it("is all of them until somebody says otherwise, and then names each", () => {
    expect([verdictOf(channels, {}), decisionsOf(channels, {})]).toEqual(["all", undefined]);
    expect(verdictOf(channels, { Shop: no })).toBe("some");
    expect(decisionsOf(channels, { Shop: { approved: false, note: " Too long " } })).toEqual([
      { channelRef: "Blog", approved: true, note: "" },
      { channelRef: "Shop", approved: false, note: "Too long" },
      { channelRef: "News", approved: true, note: "" },
    ]);
  });
  it("is none when each is declined", () =>
    expect(verdictOf(channels, { Blog: no, Shop: no, News: no })).toBe("none"));
  it("waits for a note that says why not", () => {
    expect(withoutNote(channels, { Shop: no })).toBeUndefined();
    expect(withoutNote(channels, { Shop: { approved: false, note: " a " } })?.name).toBe("Shop");
    expect(withoutNote(channels, { Shop: { approved: true, note: "" } })).toBeUndefined();
  });
  it("takes no note with a channel that was switched on again", () =>
    expect(
      decisionsOf(channels, { Shop: { approved: true, note: "Too long" }, Blog: no })?.map((one) => one.note),
    ).toEqual(["Too long", "", ""]));
  it("is told in a sentence", () => {
    expect(whereText(channels, {})).toBe("Goes to Blog, Shop and News");
    expect(whereText(channels, { Shop: no, News: no })).toBe("Goes to Blog, not to Shop or News");
    expect(whereText(channels.slice(0, 1), {})).toBe("Goes to Blog");
    expect(whereText(channels.slice(0, 1), { Blog: no })).toBe("Goes nowhere");
    expect(whereText([], {})).toBe("");
  });
});
