import { formatDraft, slugOf } from "../prompt/document.ts";
import type { Material } from "../prompt/material.ts";
import { readFeedback } from "./feedback.ts";
import {
  audienceOf,
  choose,
  cited,
  companyOf,
  factsAbout,
  keyWords,
  lowerFirst,
  OFFLINE_LABEL,
  seedOf,
  shorten,
  upperFirst,
} from "./text.ts";

/** A social post: one fact, one thought, one call to action, hashtags from the client's keywords. */
export function sketchSocialPost(material: Material): string {
  const { input, context } = material;
  const wishes = readFeedback(input.feedback);
  const seed = seedOf(input.title, String(input.prior?.number ?? 0));
  const facts = factsAbout(`${input.title} ${input.theme} ${input.feedback}`, material.knowledge, [
    ...wishes.avoid,
    ...context.competitors,
  ]);
  const hook = wishes.friendlier
    ? `Hello, ${audienceOf(material)}!`
    : choose(
        [
          /[?!.]$/.test(input.title) ? input.title : `${input.title}.`,
          `One thing worth knowing about ${lowerFirst(input.theme.split(/[.;:\n]/)[0]?.trim() || input.title)}.`,
          `${upperFirst(audienceOf(material))}, this one is for you.`,
        ],
        seed,
      );
  const chosen = facts
    .slice(seed % 2 === 0 || wishes.shorter ? 0 : 1)
    .slice(0, wishes.longer || wishes.moreSources ? 3 : 1);
  const tags = context.keywords
    .slice(0, 3)
    .map(
      (keyword) =>
        `#${keyword.replace(/[^\p{L}\p{N}]+(\p{L})?/gu, (_, next: string = "") => next.toUpperCase())}`,
    );
  const title = wishes.newTitle
    ? `${upperFirst(keyWords(input.title).slice(0, 4).join(" "))}, in short`
    : (input.prior?.title ?? input.title);
  const body = [
    OFFLINE_LABEL,
    hook,
    chosen.length > 0 ? chosen.map(cited).join("\n\n") : input.theme || context.companySummary,
    ...wishes.mention.map((phrase) => `${upperFirst(phrase)}: part of what we do.`),
    `${wishes.callToAction ? "Take the next step: talk" : "Talk"} to ${companyOf(material)}${context.website ? `: ${context.website}` : "."}`,
    tags.join(" "),
  ]
    .filter(Boolean)
    .join("\n\n");
  return formatDraft({
    title,
    slug: slugOf(title),
    excerpt: shorten(chosen[0]?.text ?? input.title, 155),
    body,
  });
}
