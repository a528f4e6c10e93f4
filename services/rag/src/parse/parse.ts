import type { FileKind, ParsedDocument } from "./document.ts";
import { parseDocx } from "./docx.ts";
import { parseHtml } from "./html.ts";
import { LIMITS } from "./limits.ts";
import { parseMarkdown } from "./markdown.ts";
import { parsePdf } from "./pdf.ts";
import { Refusal } from "./refusal.ts";
import { parseText } from "./text.ts";

const PARSERS: Readonly<Record<FileKind, (bytes: Uint8Array) => ParsedDocument | Promise<ParsedDocument>>> = {
  pdf: parsePdf,
  docx: parseDocx,
  markdown: parseMarkdown,
  html: parseHtml,
  text: parseText,
};

/**
 * The text of a file with its structure. Costs what the file costs: services call `parseApart`, which runs this in a
 * thread with limits.
 *
 * @throws Refusal when the file is broken, encrypted, without text, or beyond a limit
 */
export async function parse(kind: FileKind, bytes: Uint8Array): Promise<ParsedDocument> {
  const document = await PARSERS[kind](bytes);
  const characters = document.blocks.reduce((sum, block) => sum + block.text.length, 0);
  if (characters === 0) throw new Refusal("file_without_text", "The file has no text in it.");
  if (characters > LIMITS.characters) {
    throw new Refusal(
      "file_too_complex",
      `The file has ${characters} characters of text; ${LIMITS.characters} is the most. Split it.`,
    );
  }
  return document;
}
