import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { citationsIn, type Knowledge, withoutUnknownMarkers } from "./material.ts";

const chunk = (number: number, text = `Text ${number}.`): Knowledge => ({
  number,
  fileRef: `file${number}`,
  url: "",
  title: `file-${number}.md`,
  locator: "Heading",
  text,
});
const knowledge = [chunk(1), chunk(2), chunk(3)];
const numbers = (body: string) => citationsIn(body, knowledge).map((citation) => citation.number);

describe("citations", () => {
  it.each([
    ["an invented number goes", "Fact [2]. Invented [7].", "Fact [2]. Invented.", [2]],
    [
      "a link stays, and is no citation",
      "A [1](https://a.example) link.",
      "A [1](https://a.example) link.",
      [],
    ],
    ["an invented number's link stays", "See [9](https://a.example).", "See [9](https://a.example).", []],
    ["a list of numbers becomes markers", "Both [1, 3].", "Both [1][3].", [1, 3]],
    ["of a list the known ones stay", "Both [2; 8].", "Both [2].", [2]],
    ["a list of nothing goes", "Both [7, 8].", "Both.", []],
    ["three digits are a number, too", "Fact [100].", "Fact.", []],
    [
      "code is left alone",
      "Take `row[0]`:\n```\na[9]\n```\nand [1].",
      "Take `row[0]`:\n```\na[9]\n```\nand [1].",
      [1],
    ],
    ["a definition of a link stays", "[9]: https://a.example", "[9]: https://a.example", []],
    ["a definition in brackets stays", "[9]: <a b>", "[9]: <a b>", []],
    ["what only looks like one does not", "[9]:<", ":<", []],
    ["a colon after a marker changes nothing", "So it is [7]: bread.", "So it is: bread.", []],
    ["words in brackets stay", "A [note] and [x1].", "A [note] and [x1].", []],
  ])("%s", (_what, body, clean, used) => {
    expect(withoutUnknownMarkers(body, knowledge)).toBe(clean);
    expect(numbers(clean)).toEqual(used);
  });

  it("come in the order of their numbers, each once, cut between characters", () => {
    expect(numbers("Text [3], then [1], then [3].")).toEqual([1, 3]);
    const [citation] = citationsIn("[1]", [chunk(1, `${"a".repeat(299)}🍞`)]);
    expect(citation?.excerpt.isWellFormed()).toBe(true);
  });

  it("never point at what is not there, and cleaning twice changes nothing more", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom("[", "]", "[1]", "[4]", "[12]", "[1,4]", "(x)", "`", "```", "\n", " "),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (parts) => {
        const clean = withoutUnknownMarkers(parts.join(""), knowledge);
        const prose = clean.split(/(```[\s\S]*?(?:```|$)|`[^`\n]*`)/).filter((_, index) => index % 2 === 0);
        const left = prose.flatMap((text) =>
          [...text.matchAll(/\[(\d{1,3})\](?!\(|: *(?:https?:|<[^<>\n]*>))/g)].map((m) => Number(m[1])),
        );
        expect(left.every((number) => number >= 1 && number <= 3)).toBe(true);
        expect(numbers(clean)).toEqual([...new Set(left)].sort((a, b) => a - b));
      }),
      { numRuns: 500, examples: [[["[12]", ":", "<"]], [["[12]", ":", "<a>"]]] },
    );
  });
});
