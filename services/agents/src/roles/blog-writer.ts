import { DRAFT_RULES } from "../prompt/document.ts";
import { sketchBlogPost } from "../sketch/blog-post.ts";
import { acceptDraft } from "./drafts.ts";
import type { Role } from "./role.ts";

/** Writes a blog post from the brief, and writes it again when a person did not accept it. */
export const blogWriter: Role = {
  name: "blog-writer",
  title: "Blog writer",
  group: "llm",
  credits: 5,
  timeoutMs: 10 * 60_000,
  maxOutputTokens: 24_000,
  skills: ["seo", "tone", "sources", "blog-post"],
  instructions: [
    "You write blog posts for the client in the client's voice, following the brief. 900 to 1,400 words unless the",
    "brief or a reviewer's note says otherwise. Every fact comes from the knowledge and carries its source.",
    "When there is a draft that was not accepted, the reviewer's note decides.",
  ].join("\n"),
  outputRules: DRAFT_RULES,
  output: { kind: "document" },
  knowledge: { limit: 10, query: ({ input }) => `${input.title} ${input.theme}` },
  accept: acceptDraft,
  sketch: sketchBlogPost,
};
