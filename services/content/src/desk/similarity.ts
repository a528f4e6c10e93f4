import { DESK } from "./tunables.ts";

/** The smallest hashes of a text's shingles, ascending: a sample that is the same for the same text. */
export type Sketch = Uint32Array;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Scripts without spaces are taken sign by sign. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}]+/gu;

function wordsOf(text: string): Word[] {
  return [...text.matchAll(WORD)].map((hit) => ({
    text: hit[0].toLowerCase(),
    start: hit.index,
    end: hit.index + hit[0].length,
  }));
}

/** FNV-1a with a final mix, so that near texts don't get near hashes. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

const shingle = (words: readonly Word[], from: number, length: number): string => {
  let text = "";
  for (let index = from; index < from + length; index += 1) text += `${words[index]?.text ?? ""} `;
  return text;
};

/** A text's sketch: bottom-k MinHash over shingles of words. A text shorter than a shingle is one shingle. */
export function sketchOf(text: string): Sketch {
  const words = wordsOf(text);
  if (words.length === 0) return new Uint32Array();
  const length = Math.min(DESK.shingleWords, words.length);
  const hashes = new Set<number>();
  for (let from = 0; from + length <= words.length; from += 1) hashes.add(hash(shingle(words, from, length)));
  return Uint32Array.from(hashes).sort().slice(0, DESK.sketchSize);
}

/** The share of shingles two texts have in common, 0 to 1; exact for short texts, an estimate for long ones. */
export function shareOf(a: Sketch, b: Sketch): number {
  if (a.length === 0 || b.length === 0) return 0;
  let i = 0;
  let j = 0;
  let seen = 0;
  let both = 0;
  while (seen < DESK.sketchSize && (i < a.length || j < b.length)) {
    const x = a[i] ?? Number.POSITIVE_INFINITY;
    const y = b[j] ?? Number.POSITIVE_INFINITY;
    if (x === y) both += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
    seen += 1;
  }
  return both / seen;
}

/** What a share means to a reviewer; nothing when it isn't worth a word. */
export function likenessOf(share: number): "duplicate" | "similar" | undefined {
  if (share >= DESK.duplicateShare) return "duplicate";
  return share >= DESK.similarShare ? "similar" : undefined;
}

/** The longest run of words that stands in both texts, as the first one has it; empty when it is too short to tell anything. */
export function sharedPassage(text: string, other: string): string {
  const words = wordsOf(text);
  const others = wordsOf(other);
  const { passageWords } = DESK;
  const starts = new Map<string, number>();
  for (let from = 0; from + passageWords <= others.length; from += 1) {
    const key = shingle(others, from, passageWords);
    if (!starts.has(key)) starts.set(key, from);
  }
  let best: { from: number; length: number } | undefined;
  for (let from = 0; from + passageWords <= words.length; from += 1) {
    const at = starts.get(shingle(words, from, passageWords));
    if (at === undefined) continue;
    let length = passageWords;
    while (words[from + length] && words[from + length]?.text === others[at + length]?.text) length += 1;
    if (!best || length > best.length) best = { from, length };
    from += length - passageWords;
  }
  const first = best && words[best.from];
  const last = best && words[best.from + best.length - 1];
  if (!first || !last) return "";
  const passage = text.slice(first.start, last.end).replace(/\s+/g, " ");
  const signs = Array.from(passage);
  return signs.length > DESK.passageCharacters
    ? `${signs.slice(0, DESK.passageCharacters).join("")}…`
    : passage;
}

/** Sketches by revision, the least recently used leaving first. */
export class Sketches {
  readonly #kept = new Map<string, Sketch>();

  get(revisionId: string): Sketch | undefined {
    const sketch = this.#kept.get(revisionId);
    if (!sketch) return undefined;
    this.#kept.delete(revisionId);
    this.#kept.set(revisionId, sketch);
    return sketch;
  }

  keep(revisionId: string, sketch: Sketch): Sketch {
    this.#kept.set(revisionId, sketch);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= DESK.keptSketches) break;
      this.#kept.delete(oldest);
    }
    return sketch;
  }
}
