import type { Mark, Node } from "@tiptap/pm/model";
import type { BlockContent, ListItem, Literal, PhrasingContent, Root, RootContent, Table } from "mdast";
import { gfmToMarkdown } from "mdast-util-gfm";
import { type Options, toMarkdown } from "mdast-util-to-markdown";

declare module "mdast" {
  interface PhrasingContentMap {
    citation: Citation;
  }
  interface RootContentMap {
    citation: Citation;
  }
}
interface Citation extends Literal {
  type: "citation";
}

/** How agents write Markdown: the same marks, so that a block that was edited doesn't stand out. */
const manner: Options = {
  bullet: "-",
  emphasis: "*",
  fences: true,
  listItemIndent: "one",
  rule: "-",
  resourceLink: false,
  extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  handlers: {
    // Before a bracket or a colon it would become a link or a definition.
    citation: (node: Citation, _parent: unknown, _state: unknown, info: { after: string }) =>
      `${/^[([:]/.test(info.after) && info.after !== "[" ? "\\" : ""}[${node.value}]`,
  },
};

/** One block of the document as Markdown, without a line break at its end. */
export function writeBlock(block: Node): string {
  const [written] = blockOf(block);
  if (!written) return "";
  const root: Root = { type: "root", children: [written] };
  return toMarkdown(root, manner).replace(/\n+$/, "");
}

const children = (node: Node): Node[] =>
  Array.from({ length: node.childCount }, (_, index) => node.child(index));

/** None for an empty paragraph: Markdown has no such thing. */
function blockOf(node: Node): RootContent[] {
  switch (node.type.name) {
    case "paragraph": {
      const content = trimmed(inlineOf(children(node)));
      return content.length > 0 ? [{ type: "paragraph", children: content }] : [];
    }
    case "heading":
      return [
        {
          type: "heading",
          depth: Number(node.attrs.level) as 1 | 2 | 3 | 4 | 5 | 6,
          children: trimmed(inlineOf(children(node))),
        },
      ];
    case "blockquote":
      return [{ type: "blockquote", children: blocksOf(node) }];
    case "horizontalRule":
      return [{ type: "thematicBreak" }];
    case "codeBlock":
      return [
        {
          type: "code",
          lang: textOrNull(node.attrs.language),
          meta: textOrNull(node.attrs.meta),
          value: node.textContent,
        },
      ];
    case "bulletList":
    case "orderedList":
      return [
        {
          type: "list",
          ordered: node.type.name === "orderedList",
          start: node.type.name === "orderedList" ? Number(node.attrs.start ?? 1) : null,
          spread: Boolean(node.attrs.spread),
          children: children(node).map(itemOf),
        },
      ];
    case "table":
      return [tableOf(node)];
    case "verbatim":
      return [{ type: "html", value: String(node.attrs.source) }];
    default:
      return [];
  }
}

const blocksOf = (node: Node): BlockContent[] => children(node).flatMap(blockOf) as BlockContent[];
const textOrNull = (value: unknown): string | null => (typeof value === "string" && value ? value : null);

const itemOf = (item: Node): ListItem => ({
  type: "listItem",
  spread: Boolean(item.attrs.spread),
  checked: typeof item.attrs.checked === "boolean" ? item.attrs.checked : null,
  children: blocksOf(item),
});

const tableOf = (node: Node): Table => ({
  type: "table",
  align: node.attrs.align as Table["align"],
  children: children(node).map((row) => ({
    type: "tableRow",
    children: children(row).map((cell) => ({
      type: "tableCell",
      children: trimmed(inlineOf(children(cell))),
    })),
  })),
});

/** The first of those that reach equally far stands outside. */
const MARKDOWN_MARKS: readonly string[] = ["bold", "italic", "strike", "link"];

/** Text with marks as a tree: at each place the mark that reaches furthest stands outside. */
function inlineOf(nodes: readonly Node[], done: readonly Mark[] = []): PhrasingContent[] {
  const tree: PhrasingContent[] = [];
  let at = 0;
  while (at < nodes.length) {
    const node = nodes[at];
    if (!node) break;
    const reach = reachOf(nodes, at, done);
    if (!reach) {
      tree.push(...leafOf(node));
      at += 1;
      continue;
    }
    const inside = inlineOf(nodes.slice(at, reach.end), [...done, reach.mark]);
    tree.push(...wrapped(reach.mark, inside));
    at = reach.end;
  }
  return tree;
}

function reachOf(nodes: readonly Node[], from: number, done: readonly Mark[]) {
  let best: { mark: Mark; end: number } | undefined;
  const marks = nodes[from]?.marks ?? [];
  for (const name of MARKDOWN_MARKS) {
    const mark = marks.find(({ type }) => type.name === name);
    if (!mark || mark.isInSet(done)) continue;
    let end = from + 1;
    while (end < nodes.length && nodes[end]?.marks.some((other) => other.eq(mark))) end += 1;
    if (!best || end > best.end) best = { mark, end };
  }
  return best;
}

/** A mark around its text; blanks at its edges stand outside, or Markdown would not see it. */
function wrapped(mark: Mark, inside: PhrasingContent[]): PhrasingContent[] {
  if (mark.type.name === "link")
    return [
      {
        type: "link",
        url: String(mark.attrs.href),
        title: textOrNull(mark.attrs.title),
        children: inside as Extract<PhrasingContent, { type: "link" }>["children"],
      },
    ];
  const type = mark.type.name === "bold" ? "strong" : mark.type.name === "italic" ? "emphasis" : "delete";
  const before = blanksAt(inside[0], /^\s+/);
  const after = blanksAt(inside.at(-1), /\s+$/);
  const content = trimmed(inside);
  const outside = (value: string): PhrasingContent[] => (value ? [{ type: "text", value }] : []);
  if (content.length === 0) return outside(before);
  return [...outside(before), { type, children: content }, ...outside(after)];
}

const blanksAt = (node: PhrasingContent | undefined, edge: RegExp): string =>
  node?.type === "text" ? (edge.exec(node.value)?.[0] ?? "") : "";

/** Without blanks and line breaks at its ends, which Markdown can't keep. */
function trimmed(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  const list = nodes.map((node) => ({ ...node })) as PhrasingContent[];
  const cut = (index: 0 | -1, edge: RegExp) => {
    for (let node = list.at(index); node; node = list.at(index)) {
      if (node.type === "text") {
        node.value = node.value.replace(edge, "");
        if (node.value) return;
      } else if (node.type !== "break") return;
      list.splice(index, 1);
    }
  };
  cut(0, /^\s+/);
  cut(-1, /\s+$/);
  return list;
}

function leafOf(node: Node): PhrasingContent[] {
  switch (node.type.name) {
    case "text":
      return node.marks.some((mark) => mark.type.name === "code")
        ? [{ type: "inlineCode", value: node.text ?? "" }]
        : [{ type: "text", value: node.text ?? "" }];
    case "hardBreak":
      return [{ type: "break" }];
    case "image":
      return [
        {
          type: "image",
          url: String(node.attrs.src),
          alt: String(node.attrs.alt),
          title: textOrNull(node.attrs.title),
        },
      ];
    case "citation":
      return [{ type: "citation", value: String(node.attrs.number) }];
    case "verbatimInline":
      return [{ type: "html", value: String(node.attrs.source) }];
    default:
      return [];
  }
}
