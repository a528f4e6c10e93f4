import type { Material } from "../prompt/material.ts";
import { draftOf } from "./draft.ts";
import { isUnread, readFeedback, type Wishes } from "./feedback.ts";
import {
  audienceOf,
  choose,
  cited,
  companyOf,
  factsAbout,
  keyWords,
  lowerFirst,
  OFFLINE_LABEL,
  shorten,
  upperFirst,
} from "./text.ts";

/** A social post: one fact, one thought, one call to action, hashtags from the client's keywords. */
export function sketchSocialPost(material: Material): string {
  const { input, context } = material;
  const wishes = readFeedback(input.feedback);
  const facts = factsAbout(`${input.title} ${input.theme} ${input.feedback}`, material.knowledge, [
    ...wishes.avoid,
    ...context.competitors,
  ]);
  const title = wishes.newTitle
    ? `${upperFirst(keyWords(input.title).slice(0, 4).join(" ") || input.title)}, in short`
    : (input.prior?.title ?? input.title);
  return draftOf(material, (seed) => {
    const chosen = facts
      .slice(seed % 2 === 0 || wishes.shorter ? 0 : 1)
      .slice(0, wishes.longer || wishes.moreSources ? 3 : 1);
    const body = [
      OFFLINE_LABEL,
      opening(material, wishes, seed),
      chosen.length > 0 ? chosen.map(cited).join("\n\n") : input.theme || context.companySummary,
      ...wishes.mention.map((phrase) => `${upperFirst(phrase)}: part of what we do.`),
      isUnread(wishes) && `For a person to finish: the reviewer wrote “${shorten(wishes.note, 300)}”`,
      `${wishes.callToAction ? "Take the next step: talk" : "Talk"} to ${companyOf(material)}${context.website ? `: ${context.website}` : "."}`,
      tagsOf(context.keywords),
    ]
      .filter(Boolean)
      .join("\n\n");
    return { title, excerpt: shorten(chosen[0]?.text ?? input.title, 155), body };
  });
}

/** The first line, which has to earn the second. */
function opening(material: Material, wishes: Wishes, seed: number): string {
  const { title, theme } = material.input;
  const audience = audienceOf(material);
  if (wishes.friendlier) {
    return choose([`Hello, ${audience}!`, `Good to have you here, ${audience}!`], seed);
  }
  return choose(
    [
      /[?!.]$/.test(title) ? title : `${title}.`,
      `One thing worth knowing about ${lowerFirst(theme.split(/[.;:\n]/)[0]?.trim() || title)}.`,
      `${upperFirst(audience)}, this one is for you.`,
    ],
    seed,
  );
}

/** At most three, in one line; keywords without a letter or digit make none. */
const tagsOf = (keywords: readonly string[]): string =>
  keywords
    .map((keyword) =>
      keyword.replace(/[^\p{L}\p{N}]+(\p{L})?/gu, (_, next: string = "") => next.toUpperCase()),
    )
    .filter(Boolean)
    .slice(0, 3)
    .map((tag) => `#${tag}`)
    .join(" ");
