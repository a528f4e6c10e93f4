import { describe, expect, it } from "vitest";
import { countWords, lastSentence, plainText, readingMinutes } from "./markdown.ts";

describe("reading a draft", () => {
  it("counts words a person sees, not marks, links' addresses or code", () => {
    expect(countWords("# Hello *there*\n\n- one [two](https://x.example/y) \n```js\nnot words\n```")).toBe(4);
    expect(countWords("  \n")).toBe(0);
  });
  it("gives the sentence being written, shortened from its start", () => {
    expect(lastSentence("First one. Second is **still** going")).toBe("Second is still going");
    expect(lastSentence("x".repeat(300), 20)).toBe(`…${"x".repeat(20)}`);
  });
  it("never says less than a minute", () => {
    expect(readingMinutes(3)).toBe(1);
    expect(readingMinutes(690)).toBe(3);
  });
  it("keeps the words of links and images", () => {
    expect(plainText("![A cup](a.png) and [tea](b)")).toBe("A cup and tea");
  });
});
