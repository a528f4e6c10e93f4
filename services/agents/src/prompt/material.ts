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
  contentType: z.enum(["blog_post", "social_post", "plan"]),
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

/** The citations that a text really uses, in order of their numbers; the rest of the knowledge is not listed. */
export function citationsIn(body: string, knowledge: readonly Knowledge[]): Citation[] {
  const used = new Set([...body.matchAll(/\[(\d{1,2})\]/g)].map((match) => Number(match[1])));
  return knowledge
    .filter((chunk) => used.has(chunk.number))
    .map((chunk) => ({
      number: chunk.number,
      fileRef: chunk.fileRef,
      title: chunk.title,
      locator: chunk.locator,
      excerpt: chunk.text.slice(0, 300),
    }));
}

/** Takes out markers that point at nothing: a model may invent numbers. */
export function withoutUnknownMarkers(body: string, knowledge: readonly Knowledge[]): string {
  const known = new Set(knowledge.map((chunk) => chunk.number));
  // A Markdown link's text may be a number as well: [1](https://…) stays.
  return body.replace(/ ?\[(\d{1,2})\](?!\()/g, (marker, number: string) =>
    known.has(Number(number)) ? marker : "",
  );
}
