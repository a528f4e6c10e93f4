import type { Knowledge, Material } from "../prompt/material.ts";

/** What every offline draft says of itself, so that nobody takes it for a model's work. */
export const OFFLINE_LABEL =
  "> **Offline draft.** Put together without a language model from the brief, the client context and the knowledge files.";

/** A number from a text, the same every time; chooses among phrasings. */
export function seedOf(...parts: readonly string[]): number {
  let hash = 2166136261;
  for (const char of parts.join("\u0000")) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  }
  return hash >>> 0;
}

/** One of the options, chosen by the seed. */
export function choose<T>(options: readonly [T, ...T[]], seed: number): T {
  return options[seed % options.length] ?? options[0];
}

const STOP_WORDS = new Set(
  "a about after all an and any are as at be been before but by can do does for from get has have how if in into is it its more most new not of on one or our should so than that the their them then there these they this to up us was we what when where which who why will with you your".split(
    " ",
  ),
);

/** The words of a text that say what it is about, lower case. */
export function keyWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'-]+/gu) ?? [];
  return [...new Set(words.filter((word) => word.length > 2 && !STOP_WORDS.has(word)))];
}

/** Whole sentences of running text; headings, table rows and fragments are left out. */
export function sentencesOf(text: string): string[] {
  const prose = text
    .split("\n")
    .filter((line) => !/^\s*(#|\||```|---)/.test(line))
    .map((line) => line.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "").replace(/[*_`>]/g, ""))
    // Numbers of the file's own sources would read as ours.
    .map((line) => line.replace(/\s?\[\d[\d\s,;]*\](?!\()/g, ""))
    .join("\n");
  const segments = new Intl.Segmenter("en", { granularity: "sentence" }).segment(prose);
  return [...segments]
    .map(({ segment }) => segment.replace(/\s+/g, " ").trim())
    .filter(
      (sentence) => sentence.length >= 30 && sentence.length <= 320 && /^[\p{Lu}\p{N}"“]/u.test(sentence),
    )
    .map((sentence) => (/[.!?]["”]?$/.test(sentence) ? sentence : `${sentence}.`));
}

/** A sentence of the knowledge with the number of its source. */
export interface Fact {
  text: string;
  number: number;
  title: string;
  heading: string;
}

/** The sentences of the knowledge that fit the topic best, no two alike, in the order of their fit. */
export function factsAbout(
  topic: string,
  knowledge: readonly Knowledge[],
  avoid: readonly string[] = [],
): Fact[] {
  const wanted = new Set(keyWords(topic));
  const seen = new Set<string>();
  const scored = knowledge.flatMap((chunk, rank) =>
    sentencesOf(chunk.text).map((text) => {
      const overlap = keyWords(text).filter((word) => wanted.has(word)).length;
      const fact: Fact = { text, number: chunk.number, title: chunk.title, heading: chunk.locator };
      return { fact, score: overlap * 2 - rank * 0.3 };
    }),
  );
  return scored
    .sort((a, b) => b.score - a.score)
    .map(({ fact }) => fact)
    .filter(({ text }) => {
      const key = keyWords(text).slice(0, 6).join(" ");
      if (seen.has(key) || mentions(text, avoid)) return false;
      seen.add(key);
      return true;
    });
}

export const mentions = (text: string, words: readonly string[]): boolean =>
  words.some((word) => word !== "" && text.toLowerCase().includes(word.toLowerCase()));

/** A sentence with its source. */
export const cited = (fact: Fact): string => `${fact.text.replace(/([.!?])$/, ` [${fact.number}]$1`)}`;

/** The client in a few words: the first clause of its summary. */
export function companyOf({ context }: Pick<Material, "context">): string {
  const summary = context.companySummary.split(/[.!?\n]/)[0]?.trim() ?? "";
  const name =
    /^([\p{Lu}][\p{L}\p{N}&'’.-]*(?:\s+(?:&|and|[\p{Lu}][\p{L}\p{N}&'’.-]*))*)\s+(?:is|are|makes|bakes|sells|helps|builds|offers|runs|provides)\b/u.exec(
      summary,
    );
  return name?.[1] ?? "our team";
}

/** Whom it is for: the first group the client names. */
export function audienceOf({ context }: Pick<Material, "context">): string {
  const first =
    context.audience
      .split(/[.;\n]/)[0]
      ?.split(/,| who /)[0]
      ?.trim() ?? "";
  return first ? lowerFirst(shorten(first, 80)) : "readers";
}

export const lowerFirst = (text: string): string =>
  /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Cuts at a word, with an ellipsis when something is missing. */
export function shorten(text: string, length: number): string {
  const plain = text.replace(/\s+/g, " ").trim();
  if (plain.length <= length) return plain;
  return `${plain
    .slice(0, length - 1)
    .replace(/\s+\S*$/, "")
    .replace(/[,;:.]$/, "")
    // A word longer than the line may be cut in the middle of a character of two units.
    .replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** The part of a passage nearest to what was said about it, word for word, cut at a word when it is too long. */
export function nearestSentence(said: string, passage: string, length: number): string {
  const wanted = new Set(keyWords(said));
  const lines = passage.split("\n").map((line) => line.replace(/^\s*(?:#+|[-*+]|\d+[.)])\s+/, "").trim());
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  const sentences = lines.flatMap((line) =>
    [...segmenter.segment(line)].map(({ segment }) => segment.trim()),
  );
  const fit = (text: string) => keyWords(text).filter((word) => wanted.has(word)).length;
  const nearest = sentences
    .filter(Boolean)
    .reduce((best, sentence) => (fit(sentence) > fit(best) ? sentence : best), sentences.find(Boolean) ?? "");
  return shorten(nearest, length);
}
