import { describe, expect, it } from "vitest";
import { linePath, niceTop, pace, scale, spread } from "./geometry.ts";

describe("charts", () => {
  it("put a range without length in the middle instead of at infinity", () => {
    expect(scale(5, [5, 5], [0, 10])).toBe(5);
    expect(linePath(spread([3], { width: 10, height: 10, pad: 0 }))).toBe("M0 5");
  });
  it("say a goal is ahead or behind, also when less is better", () => {
    expect(pace({ baseline: 0, target: 100, current: 60 }, 0.5)).toBe("ahead");
    expect(pace({ baseline: 0, target: 100, current: 52 }, 0.5)).toBe("on track");
    expect(pace({ baseline: 10, target: 2, current: 8 }, 0.75)).toBe("behind");
    expect(pace({ baseline: 10, target: 2, current: 3 }, 0.5)).toBe("ahead");
  });
  it("end an axis on a round number that nothing stands above", () => {
    expect([0, 0.03, 7, 10, 21, 260].map(niceTop)).toEqual([1, 0.05, 10, 10, 25, 500]);
  });
});
