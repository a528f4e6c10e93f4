import type { Activity, Revision } from "@leadmetrics/web";
import { expect, it } from "vitest";
import { bundlesOf, comparedWith, inOrder, turnOf } from "./rules.ts";

it("items wait together with those of their plan", () => {
  const item = (ref: string, planRef: string) => ({ ref, planRef }) as Activity;
  const waiting = [item("a", "p"), item("b", "q"), item("c", "p")];
  const bundles = bundlesOf(waiting);
  expect(bundles.map(({ items }) => items.map(({ ref }) => ref))).toEqual([["a", "c"], ["b"]]);
  expect(inOrder(waiting).map(({ ref }) => ref)).toEqual(["a", "c", "b"]);
});

it("a text is held against what I read last, else against the version before", () => {
  const revision = (number: number) => ({ ref: `r${number}`, number }) as Revision;
  const [three, two, one] = [revision(3), revision(2), revision(1)];
  expect(comparedWith([three, two, one], three, "r1")).toBe(one);
  expect(comparedWith([three, two, one], three, "")).toBe(two);
  expect(comparedWith([three, two, one], three, "r3")).toBe(two);
  expect(comparedWith([one], one, undefined)).toBeUndefined();
});

it("only a long straight swipe turns the page", () => {
  expect([turnOf(-120, 10), turnOf(120, 10), turnOf(-30, 0), turnOf(-120, 100)]).toEqual([1, -1, 0, 0]);
});
