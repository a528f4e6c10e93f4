import type { PhrasingContent, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** How a word is set beside the plain text around it. */
export interface Look {
  readonly bold?: true;
  readonly italic?: true;
  readonly struck?: true;
  readonly code?: true;
  /** Where it leads. */
  readonly link?: string;
  /** It stands for a picture at this address. */
  readonly picture?: string;
}

export interface Word {
  readonly text: string;
  readonly look: Look;
  /** The end of a table's cell. */
  readonly endsCell?: true;
}

/** What a block of text is. */
export interface Kind {
  readonly name: "paragraph" | "heading" | "item" | "code" | "row" | "rule";
  /** Of a heading, 1 to 6; of an item and what belongs to it, how deep its list is. */
  readonly depth: number;
  /** The number of an item that has one. */
  readonly number?: number;
  /** Of an item that can be ticked. */
  readonly ticked?: boolean;
  readonly isQuoted?: true;
  /** The first row of a table. */
  readonly isHead?: true;
}

/** A block as it reads, without the marks it is written with. */
export interface Block {
  readonly kind: Kind;
  readonly words: readonly Word[];
}

const EMOJI = String.raw`\p{Extended_Pictographic}(?:️|\p{Emoji_Modifier}|‍\p{Extended_Pictographic})*`;
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*`;
/** Space, a citation, a picture that is a letter, a letter of a script without spaces, a word, or one mark of punctuation. */
const TOKEN = new RegExp(
  String.raw`\s+|\[\d{1,3}\]|${EMOJI}|${UNSPACED}|[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*|[^]`,
  "gu",
);

/** A Markdown text as the blocks somebody reads. */
export function blocksOf(markdown: string): Block[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const addresses = new Map(
    tree.children.flatMap((node) => (node.type === "definition" ? [[node.identifier, node.url]] : [])),
  );
  const blocks: Block[] = [];
  const reader: Reader = { blocks, addressOf: (name) => addresses.get(name) ?? "" };
  for (const node of tree.children) read(reader, node, { depth: 0 });
  return blocks;
}

interface Reader {
  readonly blocks: Block[];
  readonly addressOf: (identifier: string) => string;
}

/** Where a block stands. */
type Inside = Pick<Kind, "depth" | "isQuoted">;

function read(reader: Reader, node: RootContent, inside: Inside): void {
  const add = (kind: Partial<Kind> & Pick<Kind, "name">, words: readonly Word[]) =>
    reader.blocks.push({ kind: { ...inside, ...kind }, words });
  switch (node.type) {
    case "paragraph":
      return void add({ name: "paragraph" }, wordsOf(reader, node.children));
    case "heading":
      return void add({ name: "heading", depth: node.depth }, wordsOf(reader, node.children));
    case "thematicBreak":
      return void add({ name: "rule" }, []);
    case "code":
      return void add({ name: "code" }, cut(node.value, {}));
    case "html":
      return void add({ name: "paragraph" }, cut(node.value, {}));
    case "blockquote":
      for (const child of node.children) read(reader, child, { ...inside, isQuoted: true });
      return;
    case "list": {
      const first = node.start ?? 1;
      for (const [index, item] of node.children.entries()) {
        const deeper = { ...inside, depth: inside.depth + 1 };
        const [lead, ...rest] = item.children;
        const kind: Kind = {
          ...deeper,
          name: "item",
          ...(node.ordered ? { number: first + index } : {}),
          ...(typeof item.checked === "boolean" ? { ticked: item.checked } : {}),
        };
        const leads = lead?.type === "paragraph";
        add(kind, leads ? wordsOf(reader, lead.children) : []);
        for (const child of leads ? rest : item.children) read(reader, child, deeper);
      }
      return;
    }
    case "table":
      for (const [index, row] of node.children.entries()) {
        const cells = row.children.flatMap((cell, at): Word[] => [
          ...(at > 0 ? [{ text: "", look: {}, endsCell: true as const }] : []),
          ...wordsOf(reader, cell.children),
        ]);
        add({ name: "row", ...(index === 0 ? { isHead: true } : {}) }, cells);
      }
      return;
    case "footnoteDefinition":
      for (const child of node.children) read(reader, child, inside);
      return;
    default:
      // A definition is an address for what names it, and stands nowhere itself.
      return;
  }
}

/** The words of running text, each with how it is set. */
function wordsOf(reader: Reader, nodes: readonly PhrasingContent[], look: Look = {}): Word[] {
  return nodes.flatMap((node): Word[] => {
    switch (node.type) {
      case "text":
      case "html":
        return cut(node.value.replace(/\s*\n\s*/g, " "), look);
      case "inlineCode":
        return cut(node.value, { ...look, code: true });
      case "break":
        return [{ text: "\n", look }];
      case "strong":
        return wordsOf(reader, node.children, { ...look, bold: true });
      case "emphasis":
        return wordsOf(reader, node.children, { ...look, italic: true });
      case "delete":
        return wordsOf(reader, node.children, { ...look, struck: true });
      case "link":
        return wordsOf(reader, node.children, { ...look, link: node.url });
      case "linkReference":
        return wordsOf(reader, node.children, { ...look, link: reader.addressOf(node.identifier) });
      case "image":
        return cut(node.alt || "picture", { ...look, picture: node.url });
      case "imageReference":
        return cut(node.alt || "picture", { ...look, picture: reader.addressOf(node.identifier) });
      case "footnoteReference":
        return [{ text: `[${node.identifier}]`, look }];
      default:
        return [];
    }
  });
}

const cut = (text: string, look: Look): Word[] =>
  (text.match(TOKEN) ?? []).map((word) => ({ text: word, look }));
