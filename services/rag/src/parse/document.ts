/** The kinds of file that become knowledge. */
export type FileKind = "pdf" | "docx" | "markdown" | "html" | "text";

/** A paragraph, list, table or code block, with where it stands. */
export interface Block {
  readonly text: string;
  /** Headings above it, outermost first. */
  readonly headings: readonly string[];
  /** 1-based; undefined for kinds without pages. */
  readonly page?: number;
}

/** What is left of a file once its format is taken away. */
export interface ParsedDocument {
  /** As the file itself says; undefined when it doesn't. */
  readonly title?: string;
  readonly blocks: readonly Block[];
}

interface KindFacts {
  /** Completes "it is …". */
  readonly called: string;
  readonly extension: string;
  readonly mediaType: string;
}

export const KINDS: Readonly<Record<FileKind, KindFacts>> = {
  pdf: { called: "a PDF", extension: "pdf", mediaType: "application/pdf" },
  docx: {
    called: "a Word document",
    extension: "docx",
    mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  },
  markdown: { called: "Markdown text", extension: "md", mediaType: "text/markdown" },
  html: { called: "an HTML page", extension: "html", mediaType: "text/html" },
  text: { called: "plain text", extension: "txt", mediaType: "text/plain" },
};

const BY_EXTENSION: Readonly<Record<string, FileKind>> = {
  pdf: "pdf",
  docx: "docx",
  md: "markdown",
  markdown: "markdown",
  html: "html",
  htm: "html",
  xhtml: "html",
  txt: "text",
  text: "text",
};

/** The kind a file's name promises; undefined for a name without extension, null for one we don't take. */
export function promisedKind(name: string): FileKind | undefined | null {
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(name.trim())?.[1]?.toLowerCase();
  if (extension === undefined) return undefined;
  return BY_EXTENSION[extension] ?? null;
}
