import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { likenessOf, Sketches, sharedPassage, shareOf, sketchOf } from "./similarity.ts";
import { DESK } from "./tunables.ts";

const words = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `word${from + index}`).join(" ");

describe("how alike two texts are", () => {
  it("is everything for the same text, whatever its capitals, marks and line breaks", () => {
    expect(shareOf(sketchOf("Rye rests for twelve hours."), sketchOf("rye  rests\nfor *twelve* hours"))).toBe(
      1,
    );
  });
  it("is nothing for texts about other things, and for no text", () => {
    expect(shareOf(sketchOf(words(0, 400)), sketchOf(words(1_000, 400)))).toBe(0);
    expect(shareOf(sketchOf(""), sketchOf("a text"))).toBe(0);
  });
  it("comes close to the true share for long texts", () => {
    // 3,000 words each, 1,500 of them the same: a third of all shingles.
    const share = shareOf(sketchOf(words(0, 3_000)), sketchOf(words(1_500, 3_000)));
    expect(share).toBeGreaterThan(0.24);
    expect(share).toBeLessThan(0.43);
  });
  it("works for scripts without spaces", () => {
    const text = "裸麦パンは十二時間休ませるとおいしくなります";
    expect(shareOf(sketchOf(text), sketchOf(`${text}ね`))).toBeGreaterThan(0.8);
  });
  it("is the same both ways, between 0 and 1, for any two texts", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const share = shareOf(sketchOf(a), sketchOf(b));
        expect(share).toBe(shareOf(sketchOf(b), sketchOf(a)));
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
  it("is said only when it is worth a word", () => {
    expect([likenessOf(0.9), likenessOf(0.3), likenessOf(0.02)]).toEqual(["duplicate", "similar", undefined]);
  });
});

describe("the passage two texts share", () => {
  it("is the longest run of words, as the draft has it", () => {
    const passage = "the dough rests for twelve hours in the cold room";
    expect(
      sharedPassage(`Before that, ${passage}. Then more.`, `Elsewhere ${passage}, says the baker.`),
    ).toBe(passage);
  });
  it("is left out when it is too short, and cut when it is too long", () => {
    expect(sharedPassage("only four words here", "only four words here")).toBe("");
    const long = words(0, 200);
    expect(Array.from(sharedPassage(long, long))).toHaveLength(DESK.passageCharacters + 1);
  });
});

it("keeps as many sketches as it may, and forgets the ones not asked for", () => {
  const sketches = new Sketches();
  const sketch = sketchOf("a text");
  for (let index = 0; index < DESK.keptSketches; index += 1) sketches.keep(`r${index}`, sketch);
  expect(sketches.get("r0")).toBe(sketch);
  sketches.keep("one more", sketch);
  expect(sketches.get("r0")).toBe(sketch);
  expect(sketches.get("r1")).toBeUndefined();
});
