import { describe, expect, it } from "vitest";
import { extentText, kindWords, lookWords } from "./words.ts";

describe("a difference in words", () => {
  it("says how much changed, and nothing of what didn't", () => {
    expect(extentText({ added: 12, removed: 3, set: 1 })).toBe(
      "12 words added, 3 taken out, formatting changed in 1 place",
    );
    expect(extentText({ added: 0, removed: 1, set: 0 })).toBe("1 word taken out");
    expect(extentText({ added: 0, removed: 0, set: 2 })).toBe("formatting changed in 2 places");
    expect(extentText({ added: 0, removed: 0, set: 0 })).toBe("Only punctuation changed");
  });

  it("says what words and blocks were", () => {
    expect(lookWords({})).toBe("plain");
    expect(lookWords({ bold: true, link: "https://a.example" })).toBe("bold, a link to https://a.example");
    expect(kindWords({ name: "heading", depth: 2 })).toBe("a heading 2");
    expect(kindWords({ name: "item", depth: 2, ticked: false })).toBe("a list item, 2 deep, not ticked");
    expect(kindWords({ name: "paragraph", depth: 0, isQuoted: true })).toBe("a paragraph, quoted");
  });
});
