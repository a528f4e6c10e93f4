/** Characters of a section, about: what is drawn in one go while a long text comes. */
const SECTION_CHARS = 2_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const DEFINITION = /^ {0,3}\[[^\]^][^\]]*\]:/;
/** What reaches over empty lines, or gathers at the end: such a text is read as a whole. */
const INDIVISIBLE = /^ {0,3}(?:<(?:pre|script|style|textarea|!|\?)|\[\^[^\]]+\]:)/im;
/** A line that begins a block of its own after an empty one, whatever came before. */
const OWN = /^(?:#{1,6}\s|[\p{L}"“„«¿¡'‘(*_])/u;
const LISTED = /^[*_]\s/;

/**
 * Markdown cut into pieces that read the same one by one: a long text is drawn, and compared, piece by piece. Joined by an
 * empty line they are the text again, but for the addresses that links name by a word, which each piece gets.
 */
export function sectionsOf(markdown: string): string[] {
  if (markdown.length <= SECTION_CHARS || INDIVISIBLE.test(markdown)) return [markdown];
  const lines = markdown.split(/\r\n|\n|\r/);
  const sections: string[][] = [[]];
  const definitions: string[] = [];
  let size = 0;
  let fence = "";
  for (const [index, line] of lines.entries()) {
    const isOwn = fence === "" && OWN.test(line) && !LISTED.test(line);
    if (size >= SECTION_CHARS && isOwn && lines[index - 1]?.trim() === "") {
      sections.push([]);
      size = 0;
    }
    if (fence === "" && DEFINITION.test(line)) definitions.push(line);
    fence = fenceAfter(fence, line);
    sections.at(-1)?.push(line);
    size += line.length + 1;
  }
  // A fence that nothing closes: where it ends is the reader's to say.
  if (fence !== "") return [markdown];
  return sections.map((section) =>
    [section.join("\n"), ...definitions.filter((one) => !section.includes(one))].join("\n\n"),
  );
}

/** The fence that stands open after a line; empty when none does. */
function fenceAfter(open: string, line: string): string {
  const mark = FENCE.exec(line)?.[1];
  if (!mark) return open;
  if (open === "")
    return mark.startsWith("`") && line.includes("`", line.indexOf(mark) + mark.length) ? "" : mark;
  const closes = mark[0] === open[0] && mark.length >= open.length && line.trim() === mark;
  return closes ? "" : open;
}
