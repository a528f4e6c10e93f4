/** Turns `[1]` in the text of a draft into links to its sources, without touching code or existing links. */

/** A node of a Markdown syntax tree, as much of it as is needed here. */
interface Node {
  type: string;
  value?: string;
  url?: string;
  children?: Node[];
}

export const CITE = "#source-";

const mark = /\[(\d{1,3})\](?!\()/g;
const untouched = new Set(["link", "code", "inlineCode", "definition"]);

/** Splits one text into text and citation links. */
export function splitCitations(text: string): Node[] {
  const parts: Node[] = [];
  let from = 0;
  for (const hit of text.matchAll(mark)) {
    // A raised number stands at its word: a space before it would tear it and the full stop off.
    const before = text.slice(from, hit.index).trimEnd();
    if (before) parts.push({ type: "text", value: before });
    parts.push({ type: "link", url: `${CITE}${hit[1]}`, children: [{ type: "text", value: hit[1] }] });
    from = hit.index + hit[0].length;
  }
  if (from < text.length) parts.push({ type: "text", value: text.slice(from) });
  return parts;
}

function visit(node: Node): void {
  if (!node.children || untouched.has(node.type)) return;
  node.children = node.children.flatMap((child) => {
    if (child.type === "text" && child.value && /\[\d/.test(child.value)) return splitCitations(child.value);
    visit(child);
    return [child];
  });
}

/** A remark plugin. */
export function remarkCitations() {
  return visit;
}
