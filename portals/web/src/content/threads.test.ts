import { expect, it } from "vitest";
import type { Comment } from "../api/shapes.ts";
import { threadsOf } from "./threads.ts";

const said = (ref: string, threadRef = ""): Comment => ({ ref, threadRef, text: ref, internal: false });

it("answers stand below what they answer, in the order they came", () => {
  const threads = threadsOf([said("a"), said("b"), said("a1", "a"), said("b1", "b"), said("a2", "a")]);
  expect(threads.map(({ first, answers }) => [first.ref, ...answers.map(({ ref }) => ref)])).toEqual([
    ["a", "a1", "a2"],
    ["b", "b1"],
  ]);
});

it("an answer to something that isn't shown isn't lost", () =>
  expect(threadsOf([said("x1", "x")]).map(({ first }) => first.ref)).toEqual(["x1"]));
