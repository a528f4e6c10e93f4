import { type Embeddings, normalise } from "./port.ts";

const DIMENSIONS = 384;

/** Weights of what a text is made of: words carry most, parts of words make up for endings and typos. */
const WEIGHT = { word: 1, pair: 0.6, part: 0.25 };
const COMMON = new Set(
  "a an and are as at be but by can do for from has have how i if in into is it its not of on or our so such that the their then there these they this to was we what when where which who will with you your".split(
    " ",
  ),
);

/**
 * Hashed n-grams: no model and no network. Near means "shares words and parts of words", so a synonym isn't found; the
 * label says what it is.
 */
export function offlineEmbeddings(): Embeddings {
  return {
    label: `offline-ngram-${DIMENSIONS}`,
    dimensions: DIMENSIONS,
    batchSize: 64,
    embed: async (texts) => texts.map(embedOne),
  };
}

function embedOne(text: string): Float32Array {
  const counts = new Map<string, { count: number; weight: number }>();
  const add = (feature: string, weight: number) => {
    const known = counts.get(feature);
    if (known) known.count += 1;
    else counts.set(feature, { count: 1, weight });
  };
  const words = wordsOf(text);
  for (const [index, word] of words.entries()) {
    if (COMMON.has(word)) continue;
    add(word, WEIGHT.word);
    const next = words[index + 1];
    if (next !== undefined && !COMMON.has(next)) add(`${word} ${next}`, WEIGHT.pair);
    const padded = `<${word}>`;
    for (let start = 0; start + 4 <= padded.length; start++)
      add(`#${padded.slice(start, start + 4)}`, WEIGHT.part);
  }
  const vector = new Float32Array(DIMENSIONS);
  for (const [feature, { count, weight }] of counts) {
    const hash = fnv1a(feature);
    const place = hash % DIMENSIONS;
    // The sign makes collisions cancel out instead of adding up.
    vector[place] = (vector[place] ?? 0) + (hash & 0x8000_0000 ? -1 : 1) * weight * (1 + Math.log(count));
  }
  return normalise(vector);
}

function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** 32 bits, unsigned. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV's low bits are weak for short strings.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
