import { countWords } from "@leadmetrics/ui";
import type { ClientContext, ContentType, SimilarItem } from "@leadmetrics/web";
import { brandChecks } from "./brand.ts";
import { type Check, type CheckedDraft, type Looked, listed, look, names, some } from "./check.ts";
import { linkChecks } from "./links.ts";
import { platformChecks } from "./platforms.ts";
import { readingChecks } from "./reading.ts";

/** Words of a blog post, and characters of a social post, between which nothing needs saying. */
const BLOG_WORDS = [500, 2600] as const;
const SOCIAL_CHARACTERS = [80, 1300] as const;
/** Where search engines cut titles and descriptions. */
const TITLE_CHARACTERS = 65;
const EXCERPT_CHARACTERS = [50, 160] as const;
/** Share of all words that one keyword may be. */
const KEYWORD_SHARE = 0.03;

/** What can be said about a draft without judgement; a reviewer decides. */
export function checksOf(
  draft: CheckedDraft,
  type: ContentType,
  context: ClientContext | undefined,
  similar: readonly SimilarItem[] | undefined = undefined,
  channels: readonly string[] = [],
): Check[] {
  const looked = look(draft, type, context);
  return [
    ...(type === "blog_post" ? blogChecks(looked) : socialChecks(looked)),
    citationCheck(draft),
    ...keywordChecks(looked),
    ...linkChecks(looked),
    ...readingChecks(looked),
    ...brandChecks(looked),
    ...platformChecks(looked, channels),
    ...similarChecks(similar),
  ];
}

function blogChecks({ draft }: Looked): Check[] {
  const words = countWords(draft.body);
  const headings = draft.body.match(/^#{2,3}\s+\S/gm)?.length ?? 0;
  return [
    {
      name: "Length",
      passed: words >= BLOG_WORDS[0] && words <= BLOG_WORDS[1],
      hint: `${words} words; ${BLOG_WORDS[0]} to ${BLOG_WORDS[1]} read well.`,
    },
    {
      name: "Title",
      passed: draft.title.length > 0 && draft.title.length <= TITLE_CHARACTERS,
      hint: `${draft.title.length} characters; search results cut at ${TITLE_CHARACTERS}.`,
    },
    {
      name: "Excerpt",
      passed: draft.excerpt.length >= EXCERPT_CHARACTERS[0] && draft.excerpt.length <= EXCERPT_CHARACTERS[1],
      hint: `${draft.excerpt.length} characters; ${EXCERPT_CHARACTERS[0]} to ${EXCERPT_CHARACTERS[1]} show whole.`,
    },
    { name: "Headings", passed: headings >= 2, hint: "Fewer than two headings: hard to scan." },
  ];
}

function socialChecks({ text }: Looked): Check[] {
  const [least, most] = SOCIAL_CHARACTERS;
  return [
    {
      name: "Length",
      passed: text.length >= least && text.length <= most,
      hint: `${text.length} characters; ${least} to ${most} read well.`,
    },
  ];
}

function citationCheck(draft: CheckedDraft): Check {
  const known = new Set(draft.citations.map((one) => one.number));
  const used = [...draft.body.matchAll(/\[(\d{1,3})\](?!\()/g)].map((hit) => Number(hit[1]));
  const missing = [...new Set(used.filter((number) => !known.has(number)))];
  return {
    name: "Citations",
    passed: missing.length === 0,
    hint: `${missing.map((number) => `[${number}]`).join(", ")} points to no source.`,
  };
}

function keywordChecks({ context, lower, text }: Looked): Check[] {
  const keywords = context?.keywords ?? [];
  if (keywords.length === 0) return [];
  const found = keywords.filter((word) => names(lower, word));
  const words = Math.max(1, countWords(text));
  const crowded = found.filter(
    (word) => lower.split(word.toLowerCase()).length - 1 > Math.max(3, words * KEYWORD_SHARE),
  );
  return [
    {
      name: "Keyword",
      passed: found.length > 0 && crowded.length === 0,
      hint:
        found.length === 0
          ? `None of ${keywords.slice(0, 4).join(", ")} appears.`
          : `${listed(crowded.map((word) => `“${word}”`))} appears too often.`,
    },
  ];
}

/** Nothing while it isn't known yet. */
function similarChecks(similar: readonly SimilarItem[] | undefined): Check[] {
  if (!similar) return [];
  const same = similar.filter((one) => one.likeness === "duplicate");
  return [
    {
      name: "Not said before",
      passed: similar.length === 0,
      hint:
        same.length > 0
          ? `Nearly the same as ${listed(
              same.map(({ title }) => `“${title}”`),
              2,
            )}.`
          : `Shares passages with ${some(similar.length, "other item", "other items")}: see Similar.`,
    },
  ];
}
