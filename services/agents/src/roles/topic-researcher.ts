import { NOTES_RULES, notes, parseNotes } from "../prompt/document.ts";
import { citationsIn, withoutUnknownMarkers } from "../prompt/material.ts";
import { sketchResearch } from "../sketch/notes.ts";
import type { Role } from "./role.ts";

/** Gathers what the client's knowledge says about a topic, with sources. */
export const topicResearcher: Role = {
  name: "topic-researcher",
  title: "Topic researcher",
  group: "util",
  credits: 2,
  timeoutMs: 4 * 60_000,
  maxOutputTokens: 8_000,
  skills: ["sources"],
  instructions: [
    "You prepare a writer. Gather from the knowledge what matters for the topic: facts with their sources, what the",
    "audience wants to know, the angle that fits the client, and what is missing and should not be claimed.",
  ].join("\n"),
  outputRules: `${NOTES_RULES} Sections: Facts, What readers ask, Angle, Not known.`,
  output: { kind: "document" },
  knowledge: { limit: 10, query: ({ input }) => `${input.title} ${input.theme}` },
  accept(result, material) {
    const { body } = notes.parse(parseNotes(result.text));
    const clean = withoutUnknownMarkers(body, material.knowledge);
    return { case: "notes", value: { body: clean, citations: citationsIn(clean, material.knowledge) } };
  },
  sketch: sketchResearch,
};
