import { createHash } from "node:crypto";

const PDF_MAGIC = "%PDF-";
const PDF_END = "%%EOF";
/** Bytes at the end in which a PDF says that it ends. */
const END_WITHIN = 1_024;

/** What is wrong with a document as a contract; undefined when nothing is. */
export function documentProblem(document: Uint8Array): string | undefined {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
  if (text(document.subarray(0, PDF_MAGIC.length)) !== PDF_MAGIC) return "is not a PDF";
  if (!text(document.subarray(-END_WITHIN)).includes(PDF_END)) return "is a PDF that was cut off";
  return undefined;
}

export const hashOf = (document: Uint8Array): string => createHash("sha256").update(document).digest("hex");
