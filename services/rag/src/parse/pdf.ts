import { extractText, getDocumentProxy, getMeta } from "unpdf";
import type { Block, ParsedDocument } from "./document.ts";
import { LIMITS } from "./limits.ts";
import { Refusal } from "./refusal.ts";

/** The text layer of a PDF, page by page. A scan has none: it is refused, for nothing of it could be found again. */
export async function parsePdf(bytes: Uint8Array): Promise<ParsedDocument> {
  // pdf.js takes the buffer over, so it gets a copy.
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 }).catch((error: unknown) => {
    throw whyUnreadable(error);
  });
  if (pdf.numPages > LIMITS.pages) {
    throw new Refusal(
      "file_too_complex",
      `The PDF has ${pdf.numPages} pages; ${LIMITS.pages} is the most. Split it.`,
    );
  }
  const { text } = await extractText(pdf, { mergePages: false }).catch((error: unknown) => {
    throw whyUnreadable(error);
  });
  const blocks = text.flatMap((page, index) =>
    paragraphs(page).map((each): Block => ({ text: each, headings: [], page: index + 1 })),
  );
  if (blocks.length === 0) {
    throw new Refusal(
      "file_without_text",
      "The PDF has pictures of text but no text. Run text recognition (OCR) on it and upload the result.",
    );
  }
  return { title: await titleOf(pdf), blocks };
}

/** pdf.js gives lines; a line that ends a sentence far before the right edge can't be told from any other, so blank lines decide. */
function paragraphs(page: string): string[] {
  return (
    page
      .replaceAll(/\r\n?/g, "\n")
      // A word divided at the end of a line.
      .replaceAll(/(\p{Ll})-\n(\p{Ll})/gu, "$1$2")
      .split(/\n\s*\n/)
      .map((paragraph) => paragraph.replaceAll(/[ \t]+/g, " ").trim())
      .filter(Boolean)
  );
}

async function titleOf(pdf: Parameters<typeof getMeta>[0]): Promise<string | undefined> {
  const meta = await getMeta(pdf).catch(() => undefined);
  const title: unknown = meta?.info.Title;
  return typeof title === "string" && title.trim() !== "" ? title.trim() : undefined;
}

function whyUnreadable(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : "";
  if (name === "PasswordException") {
    return new Refusal(
      "file_encrypted",
      "The PDF is protected by a password. Remove it and upload the file again.",
      error,
    );
  }
  return new Refusal(
    "file_broken",
    "The PDF is damaged or incomplete. Open it, save it again and upload the new file.",
    error,
  );
}
