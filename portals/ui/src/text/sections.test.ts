import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { sectionsOf } from "./sections.ts";

const tree = (markdown: string) =>
  fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children.filter(
    (node) => node.type !== "definition",
  );
/** What is read, without where it stood. */
const read = (markdown: string) =>
  JSON.stringify(tree(markdown), (key, value: unknown) => (key === "position" ? undefined : value));
const readOf = (sections: readonly string[]) =>
  JSON.stringify(sections.flatMap(tree), (key, value: unknown) => (key === "position" ? undefined : value));

const prose = "The dough **rests** for twelve hours in a cold room. ".repeat(20);

describe("a long text in sections", () => {
  it("reads the same section by section", () => {
    const parts = [
      `## Heading\n\n${prose}`,
      `- a list\n\n  ${prose}\n\n- that goes on\n\n      code in it`,
      `1. first\n\n   ${prose}\n\n2. second\n\n${prose}`,
      `\`\`\`md\n## no heading\n\n${prose}\n\nNo paragraph\n\`\`\``,
      `> ${prose}\n>\n> ## Quoted\n\nSetext\n======\n\n| a | b |\n| - | - |\n| 1 | 2 |`,
      `~~~\n\`\`\`\n\n${prose}\n\n~~~\n\n*slanted* ${prose}\n\n* item\n* item`,
      "`` ` `` inline\n\n```one line``` of code\n\nمرحبا 🍞",
    ];
    const text = Array.from({ length: 20 }, (_, index) => parts[index % parts.length]).join("\n\n");
    const sections = sectionsOf(text);
    expect(sections.length).toBeGreaterThan(8);
    expect(readOf(sections)).toBe(read(text));
  });

  it("keeps what links name by a word, wherever that is told", () => {
    const text = `See [the mill][mill].\n\n${prose}\n\n${prose}\n\n## More\n\nAt [the mill][mill].\n\n[mill]: https://mill.example`;
    const sections = sectionsOf(text);
    expect(sections).toHaveLength(2);
    expect(readOf(sections)).toBe(read(text));
  });

  it("is one where cutting could change it, and when it is short", () => {
    const open = `${prose}\n\n${prose}\n\n\`\`\`\nnever closed\n\nA line`;
    const noted = `${prose}[^1]\n\n${prose}\n\nMore.\n\n[^1]: A note.`;
    const framed = `<!--\n\n${prose}\n\n${prose}\n\nStill a comment\n\n-->`;
    for (const text of [open, noted, framed, "## A\n\nB"]) expect(sectionsOf(text)).toEqual([text]);
  });
});
