import { newId } from "@leadmetrics/kit";
import { describe, expect, it } from "vitest";
import { anyWord, fuse } from "./rules.ts";

describe("fuse", () => {
  const [a, b, c] = [newId(), newId(), newId()];

  it("puts what is found both ways before what is found one way", () => {
    const found = fuse(
      [
        { chunkId: a, score: 0.6 },
        { chunkId: b, score: 0.6 },
      ],
      [
        { chunkId: b, score: 0.5 },
        { chunkId: c, score: 0.4 },
      ],
      10,
    );
    expect(found.map(({ chunkId }) => chunkId)).toEqual([b, a, c]);
    expect(found.every(({ score }) => score > 0 && score <= 1)).toBe(true);
  });

  it("takes words at their full weight when there are no vectors", () => {
    expect(fuse([], [{ chunkId: c, score: 0.4 }], 10)).toEqual([{ chunkId: c, score: 0.4 }]);
  });

  it("leaves out what has nothing in common, and what is too much", () => {
    expect(fuse([{ chunkId: a, score: 0 }], [], 10)).toEqual([]);
    expect(
      fuse(
        [
          { chunkId: a, score: 0.2 },
          { chunkId: b, score: 0.9 },
        ],
        [],
        1,
      ).map(({ chunkId }) => chunkId),
    ).toEqual([b]);
  });
});

describe("anyWord", () => {
  it("makes words out of whatever is asked", () => {
    expect(anyWord("What's a 'levain' & how?! :* (x)")).toBe("'what' | 'levain' | 'how'");
    expect(anyWord("?? 🍞")).toBeUndefined();
  });
});
