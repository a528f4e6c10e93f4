/** Characters on a line of the reading view. */
const LINE = 68;

/** About as many lines as a text will have in the reading view, so that what is below it stays where it is. */
export const linesOf = (markdown: string): number =>
  markdown.split("\n").reduce((lines, paragraph) => lines + Math.ceil(paragraph.length / LINE), 0);
