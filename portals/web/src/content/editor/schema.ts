import { Extension, Mark, markInputRule, Node } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { safeHref, safeImage } from "./addresses.ts";

/** What a citation in the text is told apart by. */
export interface Source {
  number: number;
  title: string;
  excerpt: string;
}

/** Links keep whatever address a draft has; one that could run something is shown without it. */
const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  addAttributes: () => ({ href: { default: "" }, title: { default: null } }),
  parseHTML: () => [{ tag: "a[href]" }],
  renderHTML: ({ mark }) => ["a", { href: safeHref(String(mark.attrs.href)), rel: "noopener nofollow" }, 0],
});

/** Code may be bold or inside a link, as it may in Markdown. */
const Code = Mark.create({
  name: "code",
  priority: 10,
  excludes: "",
  code: true,
  parseHTML: () => [{ tag: "code" }],
  renderHTML: () => ["code", 0],
  addInputRules() {
    return [markInputRule({ find: /(?:^|[^`])(`([^`]+)`)$/, type: this.type })];
  },
  addKeyboardShortcuts() {
    return { "Mod-e": () => this.editor.commands.toggleMark(this.type) };
  },
});

const Image = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  draggable: true,
  addAttributes: () => ({ src: { default: "" }, alt: { default: "" }, title: { default: null } }),
  parseHTML: () => [{ tag: "img[src]" }],
  renderHTML: ({ node }) => [
    "img",
    { src: safeImage(String(node.attrs.src)), alt: String(node.attrs.alt), loading: "lazy" },
  ],
});

/** `[1]`: a citation, moved and deleted as one. */
const Citation = Node.create<{ sources: readonly Source[] }>({
  name: "citation",
  group: "inline",
  inline: true,
  atom: true,
  addOptions: () => ({ sources: [] }),
  addAttributes: () => ({ number: { default: 1 } }),
  parseHTML: () => [
    {
      tag: "sup[data-citation]",
      getAttrs: (element) => ({ number: Number(element.getAttribute("data-citation")) || 1 }),
    },
  ],
  renderHTML({ node }) {
    const number = Number(node.attrs.number);
    const source = this.options.sources.find((one) => one.number === number);
    const title = source
      ? [source.title, source.excerpt].filter(Boolean).join(": ")
      : "This points to no source";
    return [
      "sup",
      { "data-citation": String(number), "data-known": String(Boolean(source)), title },
      `[${number}]`,
    ];
  },
  renderText: ({ node }) => `[${String(node.attrs.number)}]`,
});

/** What Markdown can say and this editor can't show: kept letter by letter, and never run. */
const Verbatim = Node.create({
  name: "verbatim",
  group: "block",
  atom: true,
  addAttributes: () => ({ source: { default: "" } }),
  renderHTML: ({ node }) => [
    "pre",
    { "data-verbatim": "", contenteditable: "false" },
    String(node.attrs.source),
  ],
});
const VerbatimInline = Node.create({
  name: "verbatimInline",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ source: { default: "" } }),
  renderHTML: ({ node }) => ["code", { "data-verbatim": "" }, String(node.attrs.source)],
  renderText: ({ node }) => String(node.attrs.source),
});

/** A cell holds one line, as in Markdown. */
const Table = Node.create({
  name: "table",
  group: "block",
  content: "tableRow+",
  isolating: true,
  // One of left, center, right or nothing for each column.
  addAttributes: () => ({ align: { default: [], rendered: false } }),
  renderHTML: () => ["table", ["tbody", 0]],
});
const TableRow = Node.create({ name: "tableRow", content: "tableCell*", renderHTML: () => ["tr", 0] });
const TableCell = Node.create({
  name: "tableCell",
  content: "inline*",
  isolating: true,
  addAttributes: () => ({ header: { default: false, rendered: false } }),
  renderHTML: ({ node }) => [node.attrs.header ? "th" : "td", 0],
  addKeyboardShortcuts() {
    const step = (by: 1 | -1) => () => {
      const { $from } = this.editor.state.selection;
      if ($from.parent.type.name !== this.name) return false;
      const edge = by === 1 ? $from.end() + 1 : $from.start() - 2;
      return this.editor.commands.setTextSelection(Math.max(1, edge + (by === 1 ? 1 : 0)));
    };
    return { Tab: step(1), "Shift-Tab": step(-1), Enter: () => this.editor.isActive(this.name) };
  },
});

/** What Markdown knows of lists and code and the editor keeps without showing. */
const Kept = Extension.create({
  name: "kept",
  addGlobalAttributes: () => [
    { types: ["bulletList", "orderedList"], attributes: { spread: { default: false, rendered: false } } },
    {
      types: ["listItem"],
      attributes: {
        spread: { default: false, rendered: false },
        checked: { default: null, rendered: false },
      },
    },
    { types: ["codeBlock"], attributes: { meta: { default: null, rendered: false } } },
  ],
});

/** Everything a draft's Markdown can hold. */
export const extensionsFor = (sources: readonly Source[] = []) => [
  StarterKit.configure({ link: false, underline: false, code: false, trailingNode: false }),
  Link,
  Code,
  Image,
  Citation.configure({ sources: [...sources] }),
  Verbatim,
  VerbatimInline,
  Table,
  TableRow,
  TableCell,
  Kept,
];
