import { z } from "zod";

export const citation = z.object({
  number: z.number().int(),
  fileRef: z.string(),
  title: z.string(),
  locator: z.string(),
  excerpt: z.string(),
});
export type Citation = z.output<typeof citation>;

const deliverable = z.object({
  ref: z.string(),
  contentType: z.enum(["blog_post", "social_post"]),
  quantity: z.number().int(),
  theme: z.string(),
});
export type PlanDeliverable = z.output<typeof deliverable>;

/** What content told us about the task when it asked for the run; stored with the run. */
export const runInput = z.object({
  contentType: z.enum(["blog_post", "social_post", "plan", "client_context"]),
  title: z.string(),
  theme: z.string().default(""),
  research: z.string().default(""),
  brief: z.string().default(""),
  prior: z
    .object({ ref: z.string(), number: z.number().int(), title: z.string(), body: z.string() })
    .optional(),
  feedback: z.string().default(""),
  plan: z
    .object({ title: z.string(), start: z.string(), end: z.string(), deliverables: z.array(deliverable) })
    .optional(),
  goals: z.array(z.string()).default([]),
  /** Of a company that is only beginning: what its client context is to be made of. */
  company: z.object({ name: z.string(), website: z.string() }).optional(),
});
export type RunInput = z.output<typeof runInput>;

/** The tenant's client context; version 0 means that it has none yet. */
export interface ClientContext {
  version: number;
  companySummary: string;
  brandVoice: string;
  audience: string;
  products: string[];
  competitors: string[];
  dos: string[];
  donts: string[];
  keywords: string[];
  website: string;
}

/** One retrieved chunk, numbered as the text cites it: [1]. */
export interface Knowledge {
  number: number;
  fileRef: string;
  title: string;
  locator: string;
  text: string;
  /** The page of the client's website it was read from; empty for an uploaded file. */
  url: string;
}

/** Everything a prompt is made of, besides the role. */
export interface Material {
  runRef: string;
  tenantRef: string;
  wakeReason: string;
  context: ClientContext;
  knowledge: Knowledge[];
  input: RunInput;
}

/** Characters of a chunk that a citation shows. */
const EXCERPT = 300;
/** [1], and [1, 2] as some models write it. Markdown's own uses are none: [1](https://…) and [1]: https://… */
const MARKER = / ?\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\(|: *(?:https?:|<[^<>\n]*>))/g;
/** Code, in which brackets are no citations. */
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

/** The citations that a text really uses, in order of their numbers; the rest of the knowledge is not listed. */
export function citationsIn(body: string, knowledge: readonly Knowledge[]): Citation[] {
  const used = new Set(
    proseOf(body).flatMap((prose) =>
      [...prose.matchAll(MARKER)].flatMap((match) => numbersIn(match[1] ?? "")),
    ),
  );
  return knowledge
    .filter((chunk) => used.has(chunk.number))
    .map((chunk) => ({
      number: chunk.number,
      fileRef: chunk.fileRef,
      title: chunk.title,
      locator: chunk.locator,
      // The cut may fall into the middle of a character of two units.
      excerpt: chunk.text.slice(0, EXCERPT).replace(/[\uD800-\uDBFF]$/, ""),
    }));
}

/** Takes out markers that point at nothing, for a model may invent numbers; [1, 2] becomes [1][2]. */
export function withoutUnknownMarkers(body: string, knowledge: readonly Knowledge[]): string {
  const known = new Set(knowledge.map((chunk) => chunk.number));
  const clean = (prose: string) =>
    prose.replace(MARKER, (marker, list: string) => {
      const kept = numbersIn(list).filter((number) => known.has(number));
      if (kept.length === 0) return "";
      return `${marker.startsWith(" ") ? " " : ""}${kept.map((number) => `[${number}]`).join("")}`;
    });
  return body
    .split(CODE)
    .map((piece, index) => (index % 2 === 0 ? clean(piece) : piece))
    .join("");
}

const numbersIn = (list: string): number[] => list.split(/[,;]/).map(Number);
const proseOf = (body: string): string[] => body.split(CODE).filter((_, index) => index % 2 === 0);
