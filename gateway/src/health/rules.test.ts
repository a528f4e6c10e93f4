import { describe, expect, it } from "vitest";
import { quantileMs, since } from "./rules.ts";

const buckets = new Map([
  [0.01, 50],
  [0.1, 90],
  [1, 100],
  [Number.POSITIVE_INFINITY, 100],
]);

describe("how long calls take", () => {
  it("is read between the bounds of a bucket", () => {
    expect(quantileMs(buckets, 0.5)).toBe(10);
    expect(quantileMs(buckets, 0.95)).toBeCloseTo(550);
  });
  it("is the last bound when it lies beyond all of them, and nothing without calls", () => {
    expect(
      quantileMs(
        new Map([
          [1, 0],
          [Number.POSITIVE_INFINITY, 5],
        ]),
        0.95,
      ),
    ).toBe(1000);
    expect(quantileMs(new Map(), 0.95)).toBeUndefined();
    expect(quantileMs(since(buckets, buckets), 0.95)).toBeUndefined();
  });
  it("leaves out what came before", () => {
    const before = new Map([
      [0.01, 50],
      [0.1, 50],
      [1, 50],
      [Number.POSITIVE_INFINITY, 50],
    ]);
    expect(quantileMs(since(buckets, before), 0.5)).toBeGreaterThan(10);
  });
});
