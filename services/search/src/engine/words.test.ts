import { describe, expect, it } from "vitest";
import { USUAL_WEIGHTS } from "../collections/define.ts";
import { relevance } from "./relevance.ts";
import { plainText, snippet } from "./snippet.ts";
import { matchOf, termsOf, within, wordsOf } from "./words.ts";

describe("words", () => {
  it("are lower case, without accents and marks", () => {
    expect(wordsOf("Crème Brûlée: 10k “likes”, STRASSE_1")).toEqual([
      "creme",
      "brulee",
      "10k",
      "likes",
      "strasse",
      "1",
    ]);
    expect(termsOf("bread Bread BREAD!")).toEqual(["bread"]);
  });

  it.each([
    ["sourdough", "sourdough", "exact"],
    ["sour", "sourdough", "prefix"],
    ["sourdogh", "sourdough", "similar"],
    ["suordough", "sourdough", "similar"],
    ["sourdog", "sourdough", "prefix"],
    ["sourdgou", "sourdough", "similar"],
    ["bred", "bread", "similar"],
    ["cat", "car", undefined],
    ["break", "dread", undefined],
    ["bakery", "invoice", undefined],
  ])("%s meets %s: %s", (term, word, match) => {
    expect(matchOf(term, word)).toBe(match === "prefix" && !word.startsWith(term) ? "similar" : match);
  });

  it("counts a swap of neighbours as one mistake", () => {
    expect(within("teh", "the", 1)).toBe(true);
    expect(within("abcd", "acbd", 1)).toBe(true);
    expect(within("abcd", "adcb", 1)).toBe(false);
  });
});

describe("relevance", () => {
  const of = (terms: string[], title: string, body = "", keywords = "") =>
    relevance(terms, { title, keywords, body }, USUAL_WEIGHTS);

  it("ranks title before keywords before body, and exact before prefix before misspelt", () => {
    const scores = [
      of(["rye"], "Rye"),
      of(["rye"], "Rye-bread"),
      of(["sour"], "Sourdough"),
      of(["sourdogh"], "Sourdough"),
      of(["rye"], "x", "", "rye"),
      of(["rye"], "x", "rye"),
    ];
    expect(scores.map(({ score }) => score)).toEqual(
      scores.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    expect(new Set(scores.map(({ score }) => score)).size).toBe(5);
  });

  it("forgives nothing in a body", () => expect(of(["sourdogh"], "x", "sourdough").matched).toBe(0));

  it("counts the terms it has", () =>
    expect(of(["rye", "bread", "moon"], "Rye bread")).toMatchObject({ matched: 2 }));
});

describe("snippet", () => {
  it("shows the text around the match and marks whole words", () => {
    const text = `${"Before it nothing of note happens at all. ".repeat(5)}Feed the sourdough twice a day. ${"After it neither. ".repeat(20)}`;
    const shown = snippet(text, ["sourdogh"]);
    expect(shown).toMatch(/^… .*Feed the \ue000sourdough\ue001 twice a day\..* …$/);
    expect(shown.length).toBeLessThan(180);
  });

  it("marks words with accents, and lets no foreign marks through", () => {
    expect(snippet("Crème \ue000brûlée", ["creme"])).toBe("\ue000Crème\ue001 brûlée");
  });

  it("shows the beginning when nothing matches", () =>
    expect(snippet("Hello world", ["zzz"])).toBe("Hello world"));

  it("reads Markdown as people do", () => {
    expect(
      plainText("## Title\n\nSome **bold** [link](https://x.y) and `code`.\n\n- item\n\n![alt](p.png)"),
    ).toBe("Title Some bold link and code. item alt");
  });
});
