import { countWords, plainText } from "@leadmetrics/ui";
import type { ClientContext, ContentType, Revision } from "@leadmetrics/web";

/** One look a reviewer would take by hand. `hint` says what to do when it did not pass. */
export interface Check {
  name: string;
  passed: boolean;
  hint: string;
}

/** Words of a blog post, and characters of a social post, between which nothing needs saying. */
const BLOG_WORDS = [500, 2600] as const;
const SOCIAL_CHARACTERS = [80, 1300] as const;
/** Where search engines cut titles and descriptions. */
const TITLE_CHARACTERS = 65;
const EXCERPT_CHARACTERS = [50, 160] as const;

/** What can be said about a draft without judgement; a reviewer decides. */
export function checksOf(
  draft: Pick<Revision, "title" | "body" | "excerpt" | "citations">,
  type: ContentType,
  context: ClientContext | undefined,
): Check[] {
  const text = plainText(draft.body);
  const lower = `${draft.title} ${text}`.toLowerCase();
  const checks: Check[] = type === "blog_post" ? blogChecks(draft, text) : socialChecks(text);
  checks.push(citationCheck(draft));
  if (context && context.keywords.length > 0) {
    const found = context.keywords.filter((word) => lower.includes(word.toLowerCase()));
    checks.push({
      name: "Keyword",
      passed: found.length > 0,
      hint: `None of ${context.keywords.slice(0, 4).join(", ")} appears.`,
    });
  }
  const named = (context?.competitors ?? []).filter((name) =>
    new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(name.toLowerCase())}(?![\\p{L}\\p{N}])`, "u").test(lower),
  );
  if (context && context.competitors.length > 0) {
    checks.push({
      name: "No competitor named",
      passed: named.length === 0,
      hint: `Names ${named.join(", ")}.`,
    });
  }
  return checks;
}

function blogChecks(draft: Pick<Revision, "title" | "body" | "excerpt">, text: string): Check[] {
  const words = countWords(draft.body);
  const headings = draft.body.match(/^#{2,3}\s+\S/gm)?.length ?? 0;
  const long = text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.split(" ").length > 40).length;
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
    {
      name: "Sentences",
      passed: long === 0,
      hint: `${long} ${long === 1 ? "sentence is" : "sentences are"} longer than 40 words.`,
    },
  ];
}

function socialChecks(text: string): Check[] {
  const [least, most] = SOCIAL_CHARACTERS;
  return [
    {
      name: "Length",
      passed: text.length >= least && text.length <= most,
      hint: `${text.length} characters; ${least} to ${most} read well.`,
    },
  ];
}

function citationCheck(draft: Pick<Revision, "body" | "citations">): Check {
  const known = new Set(draft.citations.map((one) => one.number));
  const used = [...draft.body.matchAll(/\[(\d{1,3})\](?!\()/g)].map((hit) => Number(hit[1]));
  const missing = [...new Set(used.filter((number) => !known.has(number)))];
  return {
    name: "Citations",
    passed: missing.length === 0,
    hint: `${missing.map((number) => `[${number}]`).join(", ")} points to no source.`,
  };
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
