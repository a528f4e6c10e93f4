import { matchOf, wordsOf } from "./words.ts";

/** Around matched words; private-use characters, which no text has and every screen can turn into a mark. */
const OPEN = "\ue000";
const CLOSE = "\ue001";
/** Characters of text, marks not counted. */
const LENGTH = 160;
const LEAD = 50;

/** A piece of the text around its best match with the matched words marked; the beginning when nothing matches. */
export function snippet(text: string, terms: readonly string[]): string {
  const plain = text.replaceAll(/[\ue000\ue001]/g, "");
  const found = [...plain.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].filter(([token]) => {
    const words = wordsOf(token);
    return terms.some((term) => words.some((word) => matchOf(term, word) !== undefined));
  });
  const first = found[0]?.index ?? 0;
  const start = first <= LEAD ? 0 : wordStart(plain, first - LEAD);
  const end = start + LENGTH >= plain.length ? plain.length : wordEnd(plain, start + LENGTH);
  let marked = "";
  let at = start;
  for (const { 0: token, index } of found) {
    if (index < at || index + token.length > end) continue;
    marked += `${plain.slice(at, index)}${OPEN}${token}${CLOSE}`;
    at = index + token.length;
  }
  marked += plain.slice(at, end);
  return `${start > 0 ? "… " : ""}${marked.trim()}${end < plain.length ? " …" : ""}`;
}

function wordStart(text: string, from: number): number {
  const blank = text.indexOf(" ", from);
  return blank === -1 ? from : blank + 1;
}

function wordEnd(text: string, from: number): number {
  const blank = text.lastIndexOf(" ", from);
  return blank <= 0 ? from : blank;
}

/** Markdown as a reader would read it aloud: what is left when marks, link targets and pictures are taken away. */
export function plainText(markdown: string): string {
  return markdown
    .replaceAll(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/^ {0,3}(#{1,6}|>|[-*+]|\d+\.)\s+/gm, "")
    .replaceAll(/^ {0,3}(```|~~~).*$/gm, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
