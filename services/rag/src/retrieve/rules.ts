import type { Id } from "@leadmetrics/kit";

/** How much each way of finding counts; together 1, so that a score stays between 0 and 1. */
const WEIGHT = { meaning: 0.75, words: 0.25 };

export interface Scored {
  readonly chunkId: Id;
  /** 0 to 1. */
  readonly score: number;
}

/** One list from what was found by vectors and what was found by words, best first. Ties keep their order of finding. */
export function fuse(byMeaning: readonly Scored[], byWords: readonly Scored[], limit: number): Scored[] {
  const scores = new Map<Id, number>();
  const add = (found: readonly Scored[], weight: number) => {
    for (const { chunkId, score } of found) scores.set(chunkId, (scores.get(chunkId) ?? 0) + weight * score);
  };
  add(byMeaning, byMeaning.length === 0 ? 0 : WEIGHT.meaning);
  // Without vectors (the embedding service is away) words are all there is.
  add(byWords, byMeaning.length === 0 ? 1 : WEIGHT.words);
  return [...scores]
    .map(([chunkId, score]) => ({ chunkId, score: Math.min(1, score) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

const MAX_WORDS = 48;

/** A question as a tsquery that any of its words meets; undefined when it has none. Only letters and digits get into it. */
export function anyWord(question: string): string | undefined {
  const words = new Set(question.toLowerCase().match(/[\p{L}\p{N}]{2,40}/gu) ?? []);
  if (words.size === 0) return undefined;
  return [...words]
    .slice(0, MAX_WORDS)
    .map((word) => `'${word}'`)
    .join(" | ");
}
