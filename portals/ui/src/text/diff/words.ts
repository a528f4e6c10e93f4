import type { Kind, Look } from "./blocks.ts";
import type { Compared } from "./compare.ts";

/** How words are set, in words: "bold, a link to …", "plain". */
export function lookWords({ bold, italic, struck, code, link, picture }: Look): string {
  const parts = [
    bold && "bold",
    italic && "italic",
    struck && "struck out",
    code && "code",
    link !== undefined && `a link to ${link}`,
    picture !== undefined && `the picture ${picture}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "plain";
}

/** What a block is, in words. */
export function kindWords({ name, depth, number, ticked, isQuoted, isHead }: Kind): string {
  const words = {
    paragraph: "a paragraph",
    heading: `a heading ${depth}`,
    item: number === undefined ? "a list item" : "a numbered item",
    code: "a block of code",
    row: isHead ? "a table's head" : "a table's row",
    rule: "a line",
  }[name];
  const deep = name === "item" && depth > 1 ? `, ${depth} deep` : "";
  const tick = ticked === undefined ? "" : ticked ? ", ticked" : ", not ticked";
  return `${words}${deep}${tick}${isQuoted ? ", quoted" : ""}`;
}

/** How much a text changed. */
export interface Extent {
  /** Words. */
  readonly added: number;
  readonly removed: number;
  /** Places where the same words are set otherwise. */
  readonly set: number;
}

const count = (text: string): number => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

export function extentOf(blocks: readonly Compared[]): Extent {
  let [added, removed, set] = [0, 0, 0];
  for (const { was, pieces } of blocks) {
    if (was) set += 1;
    for (const piece of pieces) {
      if (piece.change === "added") added += count(piece.text);
      else if (piece.change === "removed") removed += count(piece.text);
      else if (piece.was) set += 1;
    }
  }
  return { added, removed, set };
}

/** Whether no reader could tell the two texts apart. */
export const readsTheSame = (blocks: readonly Compared[]): boolean =>
  blocks.every(
    ({ change, was, pieces }) =>
      change === "same" && !was && pieces.every((piece) => piece.change === "same" && !piece.was),
  );

/** "12 words added, 3 taken out, formatting changed in 1 place". */
export function extentText({ added, removed, set }: Extent): string {
  const words = (n: number) => `${n} ${n === 1 ? "word" : "words"}`;
  const parts = [
    added > 0 ? `${words(added)} added` : "",
    removed > 0 ? `${added > 0 ? removed : words(removed)} taken out` : "",
    set > 0 ? `formatting changed in ${set} ${set === 1 ? "place" : "places"}` : "",
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "Only punctuation changed";
}
