import { createHash } from "node:crypto";
import { z } from "zod";
import { unusable } from "../adapters/failure.ts";

export const draft = z.object({
  title: z.string().trim().min(1).max(200),
  slug: z
    .string()
    .trim()
    .transform((slug) => slugOf(slug))
    .pipe(z.string().min(1)),
  excerpt: z.string().trim().min(1).max(500),
  body: z.string().trim().min(40).max(100_000),
});
export type Draft = z.output<typeof draft>;

export const notes = z.object({ body: z.string().trim().min(40).max(60_000) });
export type Notes = z.output<typeof notes>;

/** How writers answer: a readable text with a small head, so that people can watch it being written. */
export const DRAFT_RULES = [
  "Answer with nothing but the document, in exactly this form:",
  "",
  "---",
  "title: <the title, one line>",
  "slug: <lower-case-words-with-dashes>",
  "excerpt: <one or two sentences, at most 300 characters, one line>",
  "---",
  "",
  "<the text in Markdown, without the title>",
].join("\n");

export const NOTES_RULES = "Answer with nothing but the notes, in Markdown, starting with a heading.";

const QUOTED = /^"(.*)"$/;

/** Reads a draft's head and body; what is missing shows up as a failed validation. */
export function parseDraft(text: string): Record<string, string> {
  const whole = unwrap(text);
  const match = /^---\s*\n([\s\S]*?)\n---\s*\n([\s\S]*)$/.exec(whole);
  if (!match)
    throw unusable("invalid_document", "The answer does not begin with the head that was asked for.");
  const fields: Record<string, string> = {};
  for (const line of (match[1] ?? "").split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const value = line.slice(colon + 1).trim();
    fields[line.slice(0, colon).trim().toLowerCase()] = value.replace(QUOTED, "$1");
  }
  return { ...fields, body: match[2] ?? "" };
}

export const parseNotes = (text: string): Record<string, string> => ({ body: unwrap(text) });

/** The text of a draft as {@link parseDraft} reads it. */
export function formatDraft(value: { title: string; slug: string; excerpt: string; body: string }): string {
  const line = (text: string) => {
    const plain = text.replace(/\s+/g, " ").trim();
    // The reader takes one pair of quotes off.
    return QUOTED.test(plain) ? `"${plain}"` : plain;
  };
  return `---\ntitle: ${line(value.title)}\nslug: ${value.slug}\nexcerpt: ${line(value.excerpt)}\n---\n\n${value.body}\n`;
}

/** For an address; a title without a Latin letter or digit gets one that only tells it from others. */
export function slugOf(title: string): string {
  const slug = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 80)
    .replace(/-$/, "");
  if (slug !== "" || title.trim() === "") return slug;
  return `text-${createHash("sha256").update(title.trim()).digest("hex").slice(0, 10)}`;
}

function unwrap(text: string): string {
  const trimmed = text.trim();
  const fenced = /^```(?:markdown|md)?\s*\n([\s\S]*?)\n```$/.exec(trimmed);
  return (fenced?.[1] ?? trimmed).trim();
}
