/** Pure readings of a Markdown draft; nothing here touches the DOM. */

/** The draft's words, with the marks of Markdown taken off. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/```[\s\S]*?```/g, " ")
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d+\.)\s+/gm, "")
    .replace(/[*_`~]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** How many words a reader would count. */
export function countWords(markdown: string): number {
  const text = plainText(markdown);
  return text === "" ? 0 : text.split(" ").length;
}

/** Reading time in whole minutes at 230 words a minute; at least 1. */
export function readingMinutes(words: number): number {
  return Math.max(1, Math.round(words / 230));
}

/** The last sentence of a text that is still being written, at most `max` characters. */
export function lastSentence(text: string, max = 140): string {
  const tail = plainText(text.slice(-600));
  const sentences = tail.split(/(?<=[.!?])\s+/);
  const last = sentences.at(-1) ?? "";
  return last.length > max ? `…${last.slice(-max)}` : last;
}
