import type { Material } from "../prompt/material.ts";
import {
  audienceOf,
  choose,
  cited,
  companyOf,
  factsAbout,
  keyWords,
  OFFLINE_LABEL,
  seedOf,
  shorten,
  upperFirst,
} from "./text.ts";

const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

/** Research notes: what the knowledge says about the topic, with sources, and what it does not say. */
export function sketchResearch(material: Material): string {
  const { context, input } = material;
  const topic = `${input.title} ${input.theme}`;
  const facts = factsAbout(topic, material.knowledge).slice(0, 8);
  const audience = audienceOf(material);
  const covered = new Set(facts.flatMap((fact) => keyWords(fact.text)));
  const open = keyWords(input.title)
    .filter((word) => !covered.has(word))
    .slice(0, 4);
  return [
    `# Research: ${input.title}`,
    OFFLINE_LABEL,
    "## Facts",
    facts.length > 0
      ? bullets(facts.map(cited))
      : "The client's knowledge has nothing on this topic yet. Upload a file about it, or keep the text to what the client context says.",
    "## What readers ask",
    bullets([
      `What does this mean for ${audience}?`,
      ...keyWords(input.title)
        .slice(0, 3)
        .map((word) => `What should one know about ${word}?`),
      "What is the first step?",
    ]),
    "## Angle",
    `${context.companySummary ? shorten(context.companySummary, 240) : "The client has not described itself yet."} ${
      context.brandVoice ? `Told in this voice: ${shorten(context.brandVoice, 160)}` : ""
    }`.trim(),
    "## Not known",
    open.length > 0
      ? `Nothing in the knowledge supports claims about ${open.join(", ")}.`
      : "The main words of the topic are covered by the knowledge.",
  ].join("\n\n");
}

/** A brief: reader, message, outline, keyword, call to action, what to avoid. */
export function sketchBrief(material: Material): string {
  const { context, input } = material;
  const topic = `${input.title} ${input.theme}`;
  const facts = factsAbout(topic, material.knowledge).slice(0, 4);
  const keyword =
    [...context.keywords].sort((a, b) => near(b, topic) - near(a, topic))[0] ??
    keyWords(input.title).slice(0, 2).join(" ");
  const social = input.contentType === "social_post";
  const outline = social
    ? [
        "Opening line that stops the thumb",
        facts[0] ? `The fact: ${cited(facts[0])}` : "The one idea",
        "Call to action",
      ]
    : [
        "Opening: the reader's situation and what they will know at the end",
        ...facts.map((fact) => `${fact.heading || fact.title}: ${cited(fact)}`),
        `How ${companyOf(material)} can help`,
        "What to do next",
      ];
  return [
    `# Brief: ${input.title}`,
    OFFLINE_LABEL,
    "## Reader",
    context.audience || "The client has not said for whom it writes.",
    "## Message",
    choose(
      [
        `After reading, ${audienceOf(material)} know what matters about ${keyword} and what to do first.`,
        `${upperFirst(audienceOf(material))} can judge ${keyword} for themselves, and know whom to ask.`,
      ],
      seedOf(input.title),
    ),
    "## Outline",
    outline.map((line, index) => `${index + 1}. ${line}`).join("\n"),
    "## Keyword",
    keyword || "none",
    "## Call to action",
    context.website ? `Visit ${context.website}` : "Get in touch",
    "## Avoid",
    bullets(context.donts.length > 0 ? context.donts : ["Claims without a source"]),
  ].join("\n\n");
}

const near = (text: string, topic: string): number => {
  const words = new Set(keyWords(topic));
  return keyWords(text).filter((word) => words.has(word)).length;
};
