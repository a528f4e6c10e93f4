import { describe, expect, it } from "vitest";
import { chosen, nowhere, placeOf, settled, stepped } from "./selection.ts";

const list = (...refs: string[]) => refs.map((ref) => ({ ref }));

describe("where somebody is in a list", () => {
  it("is the first item at the beginning, and stays at it when an older promise comes in before it", () => {
    const at = settled(list("a", "b"), nowhere, false);
    expect(at.ref).toBe("a");
    expect(placeOf(list("older", "a", "b"), at)).toBe(1);
  });

  it("is the draft the address asks for, as soon as the list has it, and no other until then", () => {
    const asked = { ...nowhere, wanted: "c" };
    const before = settled(list("a", "b"), asked, false);
    expect(placeOf(list("a", "b"), before)).toBe(-1);
    expect(settled(list("a", "b", "c"), before, false)).toMatchObject({
      ref: "c",
      index: 2,
      wanted: undefined,
    });
  });

  it("is what follows a draft that left the list, and what is before it when it was the last", () => {
    const at = chosen(list("a", "b", "c"), 1);
    expect(settled(list("a", "c"), at, false).ref).toBe("c");
    expect(settled(list("a"), at, false).ref).toBe("a");
  });

  it("doesn't move when decided drafts come back into the list for a moment", () => {
    const at = settled(list("c", "d"), chosen(list("c", "d"), 0), false);
    const again = settled(list("a", "b", "c", "d"), at, false);
    expect(again.ref).toBe("c");
    expect(settled(list("c", "d"), again, false).ref).toBe("c");
  });

  it("makes the steps that were asked for beyond the loaded rows when these come", () => {
    let at = chosen(list("a", "b"), 1);
    for (let press = 0; press < 3; press += 1) at = stepped(list("a", "b"), at, 1, true);
    expect(settled(list("a", "b"), at, true)).toMatchObject({ ref: "b", ahead: 3 });
    expect(settled(list("a", "b", "c", "d"), at, true)).toMatchObject({ ref: "d", ahead: 1 });
    expect(settled(list("a", "b", "c", "d", "e", "f"), at, true)).toMatchObject({ ref: "e", ahead: 0 });
  });

  it("takes a step beyond the rows back first, and makes none where the list ends", () => {
    const waiting = stepped(list("a"), chosen(list("a"), 0), 1, true);
    expect(stepped(list("a"), waiting, -1, true)).toMatchObject({ ref: "a", ahead: 0 });
    expect(stepped(list("a"), chosen(list("a"), 0), 1, false)).toMatchObject({ ref: "a", ahead: 0 });
    expect(settled(list("a"), waiting, false).ahead).toBe(0);
  });

  it("is the first draft by a key, when the one the address asks for is not to be had", () => {
    const asked = { ...nowhere, wanted: "gone" };
    for (const by of [1, -1] as const)
      expect(stepped(list("a", "b"), asked, by, true)).toMatchObject({ ref: "a", wanted: undefined });
  });

  it("goes from a draft that stands before the list to the list's first, and stays at it when the list reaches it", () => {
    const pinned = settled(list("far", "a", "b"), { ...nowhere, wanted: "far" }, true);
    expect(stepped(list("far", "a", "b"), pinned, 1, true).ref).toBe("a");
    expect(settled(list("a", "b", "far"), pinned, false)).toMatchObject({ ref: "far", index: 2 });
    // Decided, it leaves the list's first in its place.
    expect(settled(list("a", "b"), pinned, true).ref).toBe("a");
  });

  it("is nowhere in an empty list", () => {
    expect(placeOf([], nowhere)).toBe(-1);
    expect(settled([], nowhere, false)).toBe(nowhere);
  });
});
