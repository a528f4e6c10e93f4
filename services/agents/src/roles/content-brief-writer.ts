import { NOTES_RULES, notes, parseNotes } from "../prompt/document.ts";
import { citationsIn, withoutUnknownMarkers } from "../prompt/material.ts";
import { sketchBrief } from "../sketch/notes.ts";
import type { Role } from "./role.ts";

/** Says what the piece must do and how it is built, before it is written. */
export const contentBriefWriter: Role = {
  name: "content-brief-writer",
  title: "Content brief writer",
  group: "util",
  credits: 1,
  timeoutMs: 4 * 60_000,
  maxOutputTokens: 6_000,
  skills: ["seo", "tone"],
  instructions: [
    "You write the brief for one piece of content: whom it is for, the one thing they should take away, the outline",
    "with a line for each part, the keyword, the sources to use, the call to action, and what to avoid.",
  ].join("\n"),
  outputRules: `${NOTES_RULES} Sections: Reader, Message, Outline, Keyword, Call to action, Avoid.`,
  output: { kind: "document" },
  knowledge: { limit: 6, query: ({ input }) => `${input.title} ${input.theme}` },
  accept(result, material) {
    const { body } = notes.parse(parseNotes(result.text));
    const clean = withoutUnknownMarkers(body, material.knowledge);
    return { case: "notes", value: { body: clean, citations: citationsIn(clean, material.knowledge) } };
  },
  sketch: sketchBrief,
};
