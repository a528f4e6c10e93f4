import type { Block, ParsedDocument } from "../parse/document.ts";

/** A passage that is found and cited as one. */
export interface Passage {
  /** 0-based place in the file. */
  readonly ordinal: number;
  readonly text: string;
  /** "page 3" or "Care › Feeding"; empty when the file has neither. */
  readonly locator: string;
}

/** Characters. */
export interface ChunkSizes {
  /** A passage is closed at the first boundary after this. */
  readonly target: number;
  /** No passage is longer. */
  readonly max: number;
  /** How much of a passage's end the next one of the same section repeats, so that a thought isn't cut in two. */
  readonly overlap: number;
}

export const CHUNK_SIZES: ChunkSizes = { target: 800, max: 1_200, overlap: 120 };

/** Cuts a document into passages that never cross a section or a page. */
export function chunk(document: ParsedDocument, sizes: ChunkSizes = CHUNK_SIZES): Passage[] {
  const passages: Passage[] = [];
  for (const section of sections(document.blocks)) {
    const pieces = section.blocks.flatMap((block) => pieceUp(block.text.replaceAll("\0", ""), sizes.max));
    for (const text of pack(pieces, sizes))
      passages.push({ ordinal: passages.length, text, locator: section.locator });
  }
  return passages;
}

interface Section {
  readonly locator: string;
  readonly blocks: Block[];
}

function sections(blocks: readonly Block[]): Section[] {
  const found: Section[] = [];
  for (const block of blocks) {
    const locator = locate(block);
    const last = found.at(-1);
    if (last?.locator === locator) last.blocks.push(block);
    else found.push({ locator, blocks: [block] });
  }
  return found;
}

const MAX_LOCATOR = 300;

function locate(block: Block): string {
  if (block.page !== undefined) return `page ${block.page}`;
  return block.headings.join(" › ").slice(0, MAX_LOCATOR);
}

/** Fills passages with whole pieces; each starts with the end of the one before. */
function pack(pieces: readonly string[], sizes: ChunkSizes): string[] {
  const passages: string[] = [];
  let open = "";
  // What is open when it holds nothing but the repetition: no passage of its own.
  let carried = "";
  for (const piece of pieces) {
    const joined = open === "" ? piece : `${open}\n\n${piece}`;
    if (joined.length <= sizes.max) {
      open = joined;
    } else {
      if (open !== carried) passages.push(open);
      const room = sizes.max - piece.length - 2;
      const tail = tailOf(open, Math.min(sizes.overlap, room));
      open = tail === "" ? piece : `${tail}\n\n${piece}`;
    }
    if (open.length < sizes.target) continue;
    passages.push(open);
    carried = tailOf(open, sizes.overlap);
    open = carried;
  }
  if (open !== "" && open !== carried) passages.push(open);
  return passages;
}

/** The last whole sentences, or words, of at most `length` characters. */
function tailOf(text: string, length: number): string {
  if (length <= 0) return "";
  if (text.length <= length) return text;
  const tail = text.slice(-length);
  const sentence = /[.!?…]["')\]]?\s+(?=\S)/.exec(tail);
  const start = sentence ? sentence.index + sentence[0].length : tail.search(/\s/) + 1;
  return start <= 0 ? "" : tail.slice(start).trim();
}

/** A text as pieces of at most `max`: whole if it fits, else by lines, sentences, words, and at last anywhere. */
function pieceUp(text: string, max: number): string[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (trimmed.length <= max) return [trimmed];
  for (const boundary of [/\n+/, /(?<=[.!?…。！？]["')\]]?)\s+/u, /\s+/]) {
    const parts = trimmed.split(boundary).filter(Boolean);
    if (parts.length > 1)
      return join(
        parts.flatMap((part) => pieceUp(part, max)),
        max,
      );
  }
  return cut(trimmed, max);
}

/** Puts neighbours together as long as they fit, so that a list of short lines isn't a list of short pieces. */
function join(parts: readonly string[], max: number): string[] {
  const joined: string[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last !== undefined && last.length + 1 + part.length <= max)
      joined[joined.length - 1] = `${last} ${part}`;
    else joined.push(part);
  }
  return joined;
}

/** Never between the halves of one character. */
function cut(text: string, max: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const character of text) {
    if (piece.length + character.length > max) {
      pieces.push(piece);
      piece = "";
    }
    piece += character;
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}
