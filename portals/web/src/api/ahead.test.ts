import { describe, expect, it } from "vitest";
import { dropAnswers, keepAnswers, takeAnswer } from "./ahead.ts";

const answers = (of: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(of).map(([path, value]) => [path, Promise.resolve(value)]));

describe("answers the server asked for ahead", () => {
  it("serve the first who asks, once", async () => {
    keepAnswers(answers({ "/a?x=1": "A" }), 0);
    expect(takeAnswer("/a", 10)).toBeUndefined();
    expect(await takeAnswer("/a?x=1", 10)).toBe("A");
    expect(takeAnswer("/a?x=1", 20)).toBeUndefined();
  });
  it("are not used once the page is no longer new", () => {
    keepAnswers(answers({ "/b": "B" }), 0);
    expect(takeAnswer("/b", 5_001)).toBeUndefined();
  });
  it("do not come back with a page that is shown again", () => {
    const page = answers({ "/c": "C" });
    keepAnswers(page, 0);
    takeAnswer("/c", 1);
    keepAnswers(page, 2);
    expect(takeAnswer("/c", 3)).toBeUndefined();
  });
  it("are forgotten when something is changed", () => {
    keepAnswers(answers({ "/d": "D" }), 0);
    dropAnswers();
    expect(takeAnswer("/d", 1)).toBeUndefined();
  });
});
