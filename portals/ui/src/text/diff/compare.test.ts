import { describe, expect, it } from "vitest";
import { type Compared, compare, type Piece } from "./compare.ts";

function compared(before: string, after: string): Compared[] {
  const steps = compare(before, after);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
const signs = { same: "", added: "+", removed: "-" };
const written = ({ text, change, was, endsCell }: Piece) =>
  endsCell ? "|" : change === "same" && !was ? text : `{${signs[change]}${was ? "~" : ""}${text}}`;
/** A block in a line: its name, what became of it, and its text with changes in braces. */
const line = ({ kind, change, was, pieces }: Compared) =>
  `${signs[change]}${was ? "~" : ""}${kind.name} ${pieces.map(written).join("")}`.trim();
const lines = (before: string, after: string) => compared(before, after).map(line);

describe("the difference of two texts as they read", () => {
  it("is told word by word, without the marks", () => {
    expect(lines("The **dough** rests for two hours.", "The **dough** rests for twelve hours.")).toEqual([
      "paragraph The dough rests for {-two}{+twelve} hours.",
    ]);
    expect(lines("# Rye\n\nIt rests.", "# Rye bread\n\nIt rests.")).toEqual([
      "heading Rye{+ bread}",
      "paragraph It rests.",
    ]);
    expect(lines("It takes two days.", "It takes a week.")).toEqual([
      "paragraph It takes {-two days}{+a week}.",
    ]);
  });

  it("shows words that are only set otherwise as such, not as changed words", () => {
    const [bold] = compared("The dough rests.", "The **dough** rests.");
    expect(line(bold as Compared)).toBe("paragraph The {~dough} rests.");
    expect(bold?.pieces[1]).toMatchObject({ look: { bold: true }, was: {} });
    const [link] = compared("[Mill](https://a.example)", "[Mill](https://b.example)");
    expect(link?.pieces).toEqual([
      {
        text: "Mill",
        change: "same",
        look: { link: "https://b.example" },
        was: { link: "https://a.example" },
      },
    ]);
    const [heading] = compared("## Rye", "### Rye");
    expect(heading).toMatchObject({ kind: { depth: 3 }, was: { depth: 2 }, change: "same" });
    expect(lines("Rye", "- Rye")).toEqual(["~item Rye"]);
  });

  it("is nothing when only the marks are written in another way", () => {
    const before = "*a* and __b__\nin two lines\n\n* one\n* two\n\nTitle\n=====";
    const after = "_a_ and **b** in two lines\n\n- one\n- two\n\n# Title";
    for (const { change, was, pieces } of compared(before, after)) {
      expect([change, was]).toEqual(["same", undefined]);
      expect(pieces.every((piece) => piece.change === "same" && !piece.was)).toBe(true);
    }
  });

  it("keeps blocks that came and went apart from those that changed", () => {
    const before = "It rests for two hours.\n\nGone for good, every word of it.\n\nThe end.";
    const after = "Wholly new and about the mill.\n\nIt rests for three hours.\n\nThe end.";
    expect(lines(before, after)).toEqual([
      "+paragraph {+Wholly new and about the mill.}",
      "paragraph It rests for {-two}{+three} hours.",
      "-paragraph {-Gone for good, every word of it.}",
      "paragraph The end.",
    ]);
    expect(lines("", "New.")).toEqual(["+paragraph {+New.}"]);
    expect(lines("Gone.", "")).toEqual(["-paragraph {-Gone.}"]);
  });

  it("tells lists, tables, code, pictures and citations by what they say", () => {
    expect(lines("1. one\n2. two", "1. new\n2. one\n3. two")).toEqual([
      "+item {+new}",
      "item one",
      "item two",
    ]);
    expect(lines("| a | b |\n| - | - |\n| 1 | 2 |", "| a | b |\n| - | - |\n| 1 | 3 |")).toEqual([
      "row a|b",
      "row 1|{-2}{+3}",
    ]);
    expect(lines("```\na **b**\n```", "```\na **c**\n```")).toEqual(["code a **{-b}{+c}**"]);
    expect(lines("![A loaf](a.png)", "![A loaf](b.png)")).toEqual(["paragraph {~A loaf}"]);
    expect(lines("It rests [1].", "It rests [2].")).toEqual(["paragraph It rests {-[1]}{+[2]}."]);
    expect(lines("パンを焼く 👩‍🍳", "パンを食べる 👩‍🌾")).toEqual([
      "paragraph パンを{-焼く 👩‍🍳}{+食べる 👩‍🌾}",
    ]);
  });

  it("of thirty thousand words stays short, and gives back its turn on the way", () => {
    const text = (hours: string) =>
      Array.from(
        { length: 600 },
        (_, index) =>
          `## Part ${index}\n\n${`The dough **rests** for ${hours} hours in room ${index}. `.repeat(5)}`,
      ).join("\n\n");
    const steps = compare(text("twelve"), text("ten"));
    let [longest, turns, last] = [0, 0, performance.now()];
    const began = last;
    for (;;) {
      const step = steps.next();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      turns += 1;
      if (step.done) {
        expect(step.value).toHaveLength(1_200);
        expect(step.value.filter(({ pieces }) => pieces.length > 1)).toHaveLength(600);
        break;
      }
    }
    const tookMs = Math.round(last - began);
    console.log(
      `30,000 words compared in ${tookMs} ms, ${turns} turns, the longest ${Math.round(longest)} ms`,
    );
    expect(turns).toBeGreaterThan(500);
  });

  it("of two long passages without a word in common ends, as one written anew", () => {
    const passage = (word: string) =>
      Array.from({ length: 6_000 }, (_, index) => `${word}${index}`).join(" ");
    expect(compared(passage("a"), passage("b")).map(({ change }) => change)).toEqual(["removed", "added"]);
    const other = passage("a").replaceAll(/a(\d+)/g, (_, n: string) => (Number(n) % 2 ? `a${n}` : `c${n}`));
    expect(compared(passage("a"), other)).toHaveLength(1);
  });

  it("of thousands of lines that are all others ends without weighing each against each", () => {
    const list = (word: string) =>
      Array.from({ length: 3_000 }, (_, index) => `- ${word}${index}`).join("\n");
    const changes = compared(list("a"), list("b")).map(({ change }) => change);
    expect(changes).toHaveLength(6_000);
    expect(new Set(changes)).toEqual(new Set(["removed", "added"]));
  });
});
