import { mustDecodeText } from "./decode.ts";
import type { ParsedDocument } from "./document.ts";

/** Paragraphs, as blank lines separate them. */
export function parseText(bytes: Uint8Array): ParsedDocument {
  const paragraphs = mustDecodeText(bytes)
    .replaceAll(/\r\n?/g, "\n")
    .split(/\n[ \t\f]*\n+/);
  return {
    blocks: paragraphs
      .map((text) => text.trim())
      .filter(Boolean)
      .map((text) => ({ text, headings: [] })),
  };
}
