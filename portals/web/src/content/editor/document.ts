import type { Node, Schema } from "@tiptap/pm/model";
import { readMarkdown } from "./from-markdown.ts";
import { writeBlock } from "./to-markdown.ts";

export interface OpenDocument {
  readonly doc: Node;
  /** The document as Markdown. A block nobody touched is written letter by letter as it was read. */
  toMarkdown(doc: Node): string;
}

interface Kept {
  readonly index: number;
  readonly source: string;
}

/**
 * Opens a draft for editing. The document is the truth while it is edited; Markdown is read once and written from it. Since
 * blocks that are as they were keep their very text, a difference shows what the person changed and nothing else.
 */
export function openDocument(schema: Schema, markdown: string): OpenDocument {
  const blocks = readMarkdown(schema, markdown);
  const doc = schema.node(
    "doc",
    null,
    blocks.length > 0 ? blocks.map(({ node }) => node) : [schema.node("paragraph")],
  );
  const gaps = blocks.map(({ to }, index) => markdown.slice(to, blocks[index + 1]?.from ?? markdown.length));
  const before = markdown.slice(0, blocks[0]?.from ?? markdown.length);
  const sources = new Map<string, Kept[]>();
  for (const [index, { node, from, to }] of blocks.entries()) {
    const key = keyOf(node);
    const kept = { index, source: markdown.slice(from, to) };
    sources.set(key, [...(sources.get(key) ?? []), kept]);
  }
  const written = new WeakMap<Node, string>();

  return {
    doc,
    toMarkdown(now) {
      let text = "";
      let last: Kept | undefined;
      let any = false;
      for (let at = 0; at < now.childCount; at += 1) {
        const block = now.child(at);
        const kept = nextOf(sources.get(keyOf(block)), last);
        const own = kept?.source ?? remember(written, block);
        if (!own) continue;
        const inPlace = kept !== undefined && last !== undefined && kept.index === last.index + 1;
        if (any) text += inPlace && last ? (gaps[last.index] ?? "\n\n") : "\n\n";
        else if (kept?.index === 0) text += before;
        text += own;
        any = true;
        last = kept;
      }
      if (!any) return blocks.length === 0 ? markdown : "";
      return text + (last?.index === blocks.length - 1 ? (gaps.at(-1) ?? "") : "\n");
    },
  };
}

/** Of several equal blocks the one that follows the last written; else the first. */
function nextOf(kept: readonly Kept[] | undefined, last: Kept | undefined): Kept | undefined {
  return kept?.find(({ index }) => last !== undefined && index > last.index) ?? kept?.[0];
}

function remember(written: WeakMap<Node, string>, block: Node): string {
  const known = written.get(block);
  if (known !== undefined) return known;
  const text = writeBlock(block);
  written.set(block, text);
  return text;
}

const keys = new WeakMap<Node, string>();

/** The same for blocks with the same content; nodes never change, so it is made once for each. */
function keyOf(block: Node): string {
  const known = keys.get(block);
  if (known !== undefined) return known;
  const key = JSON.stringify(block.toJSON());
  keys.set(block, key);
  return key;
}
