import { diffArrays } from "diff";
import { sectionsOf } from "../sections.ts";
import { type Block, blocksOf, type Kind, type Look, type Word } from "./blocks.ts";

export type Change = "same" | "added" | "removed";

/** Words beside each other that share everything. */
export interface Piece {
  readonly text: string;
  readonly look: Look;
  readonly change: Change;
  /** How the same words were set before, when that changed. */
  readonly was?: Look;
  readonly endsCell?: true;
}

/** A block of the later text, or one that is gone, where it stood. */
export interface Compared {
  readonly kind: Kind;
  readonly change: Change;
  /** What the same words were before, when that changed. */
  readonly was?: Kind;
  readonly pieces: readonly Piece[];
}

/** Changed blocks and words beyond which a passage counts as written anew: looking further costs more than it tells. */
const MOST_BLOCKS = 1_000;
const MOST_WORDS = 1_000;
/** Pairs of blocks that are weighed against each other in one passage, about, and how near each block's at least are. */
const MOST_PAIRS = 10_000;
const NEAREST = 8;
/** Old blocks times new ones of a passage beyond which nobody is looked for: what is remembered of them grows as fast, 16 bytes each. */
const MOST_REMEMBERED = 2_000_000;
/** Share of words two blocks have in common from which on one is the other, changed. */
const KIN = 0.4;

/**
 * The difference between two Markdown texts as they read, word by word. Gives back its turn between steps of a few
 * milliseconds, so that a long text freezes nothing.
 */
export function* compare(before: string, after: string): Generator<undefined, Compared[]> {
  const old = yield* reading(before);
  const now = yield* reading(after);
  const result: Compared[] = [];
  let gone: Block[] = [];
  let come: Block[] = [];
  for (const step of passages(old, now)) {
    if ("both" in step) {
      yield* paired(gone, come, result);
      [gone, come] = [[], []];
      result.push(words(step.both[0], step.both[1]));
    } else if ("gone" in step) gone.push(step.gone);
    else come.push(step.come);
  }
  yield* paired(gone, come, result);
  return result;
}

function* reading(markdown: string): Generator<undefined, Block[]> {
  const blocks: Block[] = [];
  for (const section of sectionsOf(markdown)) {
    blocks.push(...blocksOf(section));
    yield;
  }
  return blocks;
}

type Step = { readonly both: readonly [Block, Block] } | { readonly gone: Block } | { readonly come: Block };

/** The blocks in order: those that read the same in both texts, and what stands between them. */
function passages(old: readonly Block[], now: readonly Block[]): Step[] {
  return aligned(old, now, textOf, MOST_BLOCKS).map(([one, other]): Step => {
    if (one && other) return { both: [one, other] };
    return one ? { gone: one } : { come: other };
  });
}

type Aligned<T> = readonly [T, T] | readonly [T, undefined] | readonly [undefined, T];

/** Two rows of things beside each other: what is in both, only in the first, only in the second. */
function aligned<T>(
  old: readonly T[],
  now: readonly T[],
  keyOf: (one: T) => string,
  most: number,
): Aligned<T>[] {
  const parts = diffArrays(old.map(keyOf), now.map(keyOf), { maxEditLength: most });
  if (!parts)
    return [
      ...old.map((one): Aligned<T> => [one, undefined]),
      ...now.map((one): Aligned<T> => [undefined, one]),
    ];
  let [from, to] = [0, 0];
  return parts.flatMap(({ added, removed, count }): Aligned<T>[] => {
    const gone = added ? [] : old.slice(from, from + count);
    const come = removed ? [] : now.slice(to, to + count);
    from += gone.length;
    to += come.length;
    if (removed) return gone.map((one) => [one, undefined]);
    return come.map((one, index) => [gone[index], one] as Aligned<T>);
  });
}

/** What stands between blocks that stayed: who is whom, and what changed in them. */
function* paired(
  gone: readonly Block[],
  come: readonly Block[],
  result: Compared[],
): Generator<undefined, void> {
  if (gone.length + come.length === 0) return;
  const partners = yield* partnersOf(gone, come);
  let at = 0;
  for (const [index, block] of come.entries()) {
    // What is gone comes before what stands in its place.
    const next = partners.find((one, later) => later >= index && one >= 0) ?? gone.length;
    for (; at < next; at++) whole(gone[at], "removed", result);
    const old = partners[index] === next ? gone[next] : undefined;
    if (old) {
      result.push(words(old, block));
      at = next + 1;
    } else whole(block, "added", result);
    yield;
  }
  for (; at < gone.length; at++) whole(gone[at], "removed", result);
}

/** For each block that came the one it was, in order; -1 for one that is new. */
function* partnersOf(gone: readonly Block[], come: readonly Block[]): Generator<undefined, number[]> {
  if (gone.length * come.length > MOST_REMEMBERED) return come.map(() => -1);
  const bags = { gone: gone.map(bagOf), come: come.map(bagOf) };
  const reach = Math.max(NEAREST, Math.floor(MOST_PAIRS / (gone.length + come.length)));
  const likeness: Float64Array[] = [];
  for (const [i, bag] of bags.gone.entries()) {
    const row = new Float64Array(come.length);
    const end = Math.min(come.length, i + reach + 1);
    for (let j = Math.max(0, i - reach); j < end; j++) row[j] = likenessOf(bag, bags.come[j]);
    likeness.push(row);
    yield;
  }
  // The most likeness in order, from the end on.
  const best = Array.from({ length: gone.length + 1 }, () => new Float64Array(come.length + 1));
  const score = (i: number, j: number) => best[i]?.[j] ?? 0;
  const together = (i: number, j: number) => {
    const kin = likeness[i]?.[j] ?? 0;
    return kin >= KIN ? kin + score(i + 1, j + 1) : 0;
  };
  for (let i = gone.length - 1; i >= 0; i--) {
    const row = best[i];
    for (let j = come.length - 1; row && j >= 0; j--)
      row[j] = Math.max(score(i + 1, j), score(i, j + 1), together(i, j));
    yield;
  }
  let i = 0;
  return come.map((_, j) => {
    // Those that nothing came of are passed over.
    while (i < gone.length && score(i + 1, j) === score(i, j)) i++;
    if (i < gone.length && together(i, j) === score(i, j) && score(i, j) > 0) return i++;
    return -1;
  });
}

type Bag = ReadonlyMap<string, number>;

function bagOf(block: Block): Bag {
  const bag = new Map<string, number>();
  for (const { text } of block.words)
    if (text.trim()) bag.set(text.toLowerCase(), (bag.get(text.toLowerCase()) ?? 0) + 1);
  return bag;
}

/** The share of words two blocks have in common, 0 to 1. */
function likenessOf(one: Bag | undefined, other: Bag | undefined): number {
  if (!one || !other) return 0;
  let [common, all] = [0, 0];
  for (const [text, count] of one) {
    common += Math.min(count, other.get(text) ?? 0);
    all += count;
  }
  for (const count of other.values()) all += count;
  return all === 0 ? 1 : (2 * common) / all;
}

/** No text has this letter: it stands for the end of a cell. */
const CELL = "\u0000";
const wordKey = ({ text, endsCell }: Word): string => (endsCell ? CELL : text);
const textOf = ({ words }: Block): string => words.map(wordKey).join("");

function whole(block: Block | undefined, change: "added" | "removed", result: Compared[]): void {
  if (!block) return;
  const pieces = block.words.map((word): Piece => ({ ...word, change }));
  result.push({ kind: block.kind, change, pieces: joined(pieces) });
}

/** One block beside what it was. */
function words(old: Block, now: Block): Compared {
  const pieces = aligned(old.words, now.words, wordKey, MOST_WORDS).map(([was, word]): Piece => {
    if (!word) return { ...was, change: "removed" };
    if (!was) return { ...word, change: "added" };
    const isOther = lookKey(was.look) !== lookKey(word.look);
    return { ...word, change: "same", ...(isOther ? { was: was.look } : {}) };
  });
  const isOther = kindKey(old.kind) !== kindKey(now.kind);
  return {
    kind: now.kind,
    change: "same",
    ...(isOther ? { was: old.kind } : {}),
    pieces: joined(tidied(pieces)),
  };
}

/** A space alone between two changes belongs to them: "two days" for "a week", not word for word. */
function tidied(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  let [out, into]: [Piece[], Piece[]] = [[], []];
  const settle = () => {
    result.push(...out, ...into);
    [out, into] = [[], []];
  };
  for (const [index, piece] of pieces.entries()) {
    if (piece.change === "removed") out.push(piece);
    else if (piece.change === "added") into.push(piece);
    else if (
      piece.text === " " &&
      out.length > 0 &&
      into.length > 0 &&
      (pieces[index + 1]?.change ?? "same") !== "same"
    ) {
      out.push({ text: piece.text, look: piece.was ?? piece.look, change: "removed" });
      into.push({ text: piece.text, look: piece.look, change: "added" });
    } else {
      settle();
      result.push(piece);
    }
  }
  settle();
  return result;
}

/** Words beside each other that share everything, as one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && !last.endsCell && !piece.endsCell && styleKey(last) === styleKey(piece))
      result[result.length - 1] = { ...last, text: last.text + piece.text };
    else result.push(piece);
  }
  return result;
}

const styleKey = ({ change, look, was }: Piece): string =>
  `${change} ${lookKey(look)} ${was ? lookKey(was) : "-"}`;

const lookKey = ({ bold, italic, struck, code, link, picture }: Look): string =>
  JSON.stringify([bold, italic, struck, code, link, picture]);

/** A number that only moved with its list is no change. */
const kindKey = ({ name, depth, number, ticked, isQuoted, isHead }: Kind): string =>
  JSON.stringify([
    name,
    name === "heading" || name === "item" ? depth : 0,
    number !== undefined,
    ticked,
    isQuoted,
    isHead,
  ]);
