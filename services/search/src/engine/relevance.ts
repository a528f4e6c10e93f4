import type { Weights } from "../collections/define.ts";
import { type Match, matchOf, wordsOf } from "./words.ts";

const CLOSENESS: Readonly<Record<Match, number>> = { exact: 1, prefix: 0.9, similar: 0.75 };

export interface Parts {
  readonly title: string;
  readonly keywords: string;
  readonly body: string;
}

export interface Relevance {
  /** How many of the terms the document has. */
  readonly matched: number;
  /** 0 to 1. */
  readonly score: number;
}

/**
 * How well a document answers a query: each term by its best match, weighted by where that is. The same for every
 * engine, so that their answers are in the same order. In bodies a misspelt term finds nothing: there are too many words.
 */
export function relevance(terms: readonly string[], parts: Parts, weights: Weights): Relevance {
  if (terms.length === 0) return { matched: 0, score: 0 };
  const title = wordsOf(parts.title);
  const keywords = wordsOf(parts.keywords);
  let body: string[] | undefined;
  let matched = 0;
  let sum = 0;
  for (const term of terms) {
    let best = Math.max(weights.title * closest(term, title), weights.keywords * closest(term, keywords));
    if (best < weights.body) {
      body ??= wordsOf(parts.body);
      const found = body.some((word) => word === term)
        ? 1
        : body.some((word) => word.startsWith(term))
          ? CLOSENESS.prefix
          : 0;
      best = Math.max(best, weights.body * found);
    }
    if (best > 0) matched += 1;
    sum += best;
  }
  return { matched, score: sum / terms.length };
}

function closest(term: string, words: readonly string[]): number {
  let best = 0;
  for (const word of words) {
    const match = matchOf(term, word);
    if (match) best = Math.max(best, CLOSENESS[match]);
    if (best === 1) break;
  }
  return best;
}
