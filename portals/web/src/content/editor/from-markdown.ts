import { Mark, type Node, type Schema } from "@tiptap/pm/model";
import type { Nodes, Parent, PhrasingContent, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** A block of the document and the place in the text it was read from. */
export interface ReadBlock {
  readonly node: Node;
  readonly from: number;
  readonly to: number;
}

/** Reads Markdown into blocks, each with where it stood. */
export function readMarkdown(schema: Schema, markdown: string): ReadBlock[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const reader = new Reader(schema, markdown);
  return tree.children.map((child) => ({
    node: reader.block(child),
    from: child.position?.start.offset ?? 0,
    to: child.position?.end.offset ?? 0,
  }));
}

const CITATION = /\[(\d{1,3})\](?!\()/g;

class Reader {
  readonly #schema: Schema;
  readonly #text: string;
  constructor(schema: Schema, text: string) {
    this.#schema = schema;
    this.#text = text;
  }

  block(node: RootContent): Node {
    const { nodes } = this.#schema;
    switch (node.type) {
      case "paragraph":
        return this.#make("paragraph", null, this.#inline(node.children));
      case "heading":
        return this.#make("heading", { level: node.depth }, this.#inline(node.children));
      case "blockquote":
        return this.#make("blockquote", null, this.#blocks(node));
      case "thematicBreak":
        return this.#make("horizontalRule", null, []);
      case "code":
        return this.#make(
          "codeBlock",
          { language: node.lang ?? null, meta: node.meta ?? null },
          node.value ? [this.#schema.text(node.value)] : [],
        );
      case "list":
        return this.#make(
          node.ordered ? "orderedList" : "bulletList",
          { spread: node.spread ?? false, ...(node.ordered ? { start: node.start ?? 1 } : {}) },
          node.children.map((item) =>
            this.#make(
              "listItem",
              { spread: item.spread ?? false, checked: item.checked ?? null },
              this.#startingWithText(this.#blocks(item)),
            ),
          ),
        );
      case "table":
        return this.#make(
          "table",
          { align: node.align ?? [] },
          node.children.map((row, index) =>
            this.#make(
              "tableRow",
              null,
              row.children.map((cell) =>
                this.#make("tableCell", { header: index === 0 }, this.#inline(cell.children)),
              ),
            ),
          ),
        );
      default:
        return nodes.verbatim
          ? nodes.verbatim.create({ source: this.#source(node) })
          : this.#make("paragraph", null, []);
    }
  }

  #blocks(parent: Parent): Node[] {
    return parent.children.map((child) => this.block(child as RootContent));
  }

  /** A list's item begins with a paragraph in the editor; an empty one is left out again when written. */
  #startingWithText(blocks: Node[]): Node[] {
    return blocks[0]?.type.name === "paragraph" ? blocks : [this.#make("paragraph", null, []), ...blocks];
  }

  #make(name: string, attrs: Record<string, unknown> | null, content: readonly Node[]): Node {
    return this.#schema.node(name, attrs, [...content]);
  }

  #inline(children: readonly PhrasingContent[], marks: readonly Mark[] = []): Node[] {
    return children.flatMap((child) => this.#phrase(child, marks));
  }

  #phrase(node: PhrasingContent, marks: readonly Mark[]): Node[] {
    const within = (name: string, attrs?: Record<string, unknown>): readonly Mark[] =>
      Mark.setFrom([...marks, this.#schema.mark(name, attrs)]);
    switch (node.type) {
      case "text":
        return this.#withCitations(node.value, marks);
      case "strong":
        return this.#inline(node.children, within("bold"));
      case "emphasis":
        return this.#inline(node.children, within("italic"));
      case "delete":
        return this.#inline(node.children, within("strike"));
      case "link":
        return this.#inline(node.children, within("link", { href: node.url, title: node.title ?? null }));
      case "inlineCode":
        return node.value ? [this.#schema.text(node.value, within("code"))] : [];
      case "break":
        return [this.#schema.node("hardBreak", null, undefined, marks)];
      case "image":
        return [
          this.#schema.node(
            "image",
            { src: node.url, alt: node.alt ?? "", title: node.title ?? null },
            undefined,
            marks,
          ),
        ];
      default:
        return [this.#schema.node("verbatimInline", { source: this.#source(node) }, undefined, marks)];
    }
  }

  #withCitations(text: string, marks: readonly Mark[]): Node[] {
    const parts: Node[] = [];
    let from = 0;
    // Inside a link a number in brackets is part of its words.
    const hits = marks.some((mark) => mark.type.name === "link") ? [] : text.matchAll(CITATION);
    for (const hit of hits) {
      if (hit.index > from) parts.push(this.#schema.text(text.slice(from, hit.index), marks));
      parts.push(this.#schema.node("citation", { number: Number(hit[1]) }, undefined, marks));
      from = hit.index + hit[0].length;
    }
    if (from < text.length) parts.push(this.#schema.text(text.slice(from), marks));
    return parts;
  }

  /** What the editor doesn't know, as it stood; without the marks of a quote or list around it. */
  #source(node: Nodes): string {
    if (node.type === "html") return node.value;
    const { start, end } = node.position ?? {};
    return this.#text.slice(start?.offset ?? 0, end?.offset ?? 0).replace(/\n[ >]*/g, "\n");
  }
}
