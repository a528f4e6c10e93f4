const MIB = 1024 * 1024;

/** What one file may cost. A file beyond any of these is refused, never cut short. */
export const LIMITS = {
  /** Bytes of an upload. */
  fileBytes: 10 * MIB,
  /** Pages of a PDF. */
  pages: 1_000,
  /** Bytes a DOCX unpacks to, and how many times its own size: what a zip bomb exceeds. */
  unpackedBytes: 100 * MIB,
  unpackedRatio: 200,
  /** Files inside a DOCX. */
  zipEntries: 5_000,
  /** Characters of text; a novel has 500,000. */
  characters: 5_000_000,
  /** How deep HTML may nest; parsers recurse. */
  htmlDepth: 1_000,
  /** Milliseconds of parsing. */
  parseMs: 60_000,
  /** MiB of heap of the thread that parses. */
  parseHeapMb: 256,
} as const;
