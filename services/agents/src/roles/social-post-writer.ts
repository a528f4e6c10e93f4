import { DRAFT_RULES } from "../prompt/document.ts";
import { sketchSocialPost } from "../sketch/social-post.ts";
import { acceptDraft } from "./drafts.ts";
import type { Role } from "./role.ts";

/** Writes a social post from the brief. */
export const socialPostWriter: Role = {
  name: "social-post-writer",
  title: "Social post writer",
  group: "llm",
  credits: 2,
  timeoutMs: 5 * 60_000,
  maxOutputTokens: 8_000,
  skills: ["tone", "social-post"],
  instructions: [
    "You write social posts for the client in the client's voice, following the brief. One idea a post, at most 150",
    "words. When there is a draft that was not accepted, the reviewer's note decides.",
  ].join("\n"),
  outputRules: DRAFT_RULES,
  output: { kind: "document" },
  knowledge: { limit: 5, query: ({ input }) => `${input.title} ${input.theme}` },
  accept: acceptDraft,
  sketch: sketchSocialPost,
};
