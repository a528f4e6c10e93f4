import { fileTypeFromBuffer } from "file-type";
import { decodeText } from "./decode.ts";
import { type FileKind, KINDS, promisedKind } from "./document.ts";
import { Refusal } from "./refusal.ts";
import { listZip } from "./zip.ts";

const TAKEN = "Upload PDF, DOCX, Markdown, HTML or text files.";

/**
 * What a file is, by its content; its name must not say otherwise.
 *
 * @throws Refusal `file_empty`, `file_type_unsupported`, `file_type_mismatch`, `file_encrypted` or `file_broken`
 */
export async function sniffKind(name: string, bytes: Uint8Array): Promise<FileKind> {
  const promised = promisedKind(name);
  if (bytes.length === 0) throw new Refusal("file_empty", `"${name}" is empty.`);
  if (promised === null)
    throw new Refusal("file_type_unsupported", `"${name}" is of a type that isn't taken. ${TAKEN}`);
  const found = await contentOf(name, bytes);
  if (found.kind === "other") {
    if (promised) throw mismatch(name, promised, found.called);
    throw new Refusal("file_type_unsupported", `"${name}" is ${found.called}, which isn't taken. ${TAKEN}`);
  }
  if (found.kind !== "text") {
    if (promised && promised !== found.kind) throw mismatch(name, promised, KINDS[found.kind].called);
    return found.kind;
  }
  return textKind(name, promised, found.text);
}

/** Text is what its name says, as far as that can be true of it. */
function textKind(name: string, promised: FileKind | undefined, text: string): FileKind {
  if (text.trim() === "") throw new Refusal("file_empty", `"${name}" has nothing in it but blanks.`);
  if (promised === "pdf" || promised === "docx") throw mismatch(name, promised, KINDS.text.called);
  const html = /<[a-z!][^>]*>/i.test(text);
  if (promised === "html") {
    if (!html) throw mismatch(name, promised, KINDS.text.called);
    return "html";
  }
  if (promised) return promised;
  return /^\s*<(!doctype html|html)\b/i.test(text) ? "html" : "text";
}

type Content =
  | { readonly kind: "pdf" | "docx" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "other"; readonly called: string };

async function contentOf(name: string, bytes: Uint8Array): Promise<Content> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024));
  // Readers accept a header anywhere in the first kilobyte; mail systems put lines before it.
  if (head.includes("%PDF-")) return { kind: "pdf" };
  if (head[0] === 0x50 && head[1] === 0x4b) {
    const { names } = listZip(bytes);
    if (names.includes("word/document.xml")) return { kind: "docx" };
    return { kind: "other", called: "an archive or another Office document" };
  }
  if (head.readUInt32BE(0) === 0xd0cf11e0 && head.length > 8) {
    // Word stores a document with a password, and its format before 2007, in the same container.
    const encrypted = Buffer.from(bytes).includes(Buffer.from("EncryptedPackage", "utf16le"));
    if (encrypted)
      throw new Refusal(
        "file_encrypted",
        `"${name}" is protected by a password. Remove it and upload the file again.`,
      );
    return { kind: "other", called: "in the Office format before 2007" };
  }
  const text = decodeText(bytes);
  if (text !== undefined) return { kind: "text", text };
  const known = await fileTypeFromBuffer(bytes).catch(() => undefined);
  return { kind: "other", called: known ? `${known.mime} data` : "data that is no text" };
}

function mismatch(name: string, promised: FileKind, found: string): Refusal {
  return new Refusal(
    "file_type_mismatch",
    `"${name}" is not what its name says: the name means ${KINDS[promised].called}, the content is ${found}.`,
  );
}
