import type { Knowledge, Material } from "../prompt/material.ts";
import type { FoundContext } from "../roles/setup.ts";
import { keyWords, sentencesOf, shorten } from "./text.ts";

interface Said {
  readonly text: string;
  readonly passage: Knowledge;
}
type Value = { text: string; sources: number[] };

/** Sentences in which companies say what they are. */
const IS =
  /\b(we are|we're|is an?|are an?|we (?:make|bake|build|sell|help|offer|run|repair|design|grow|provide)|founded|since \d{4}|family)\b/i;
/** Sentences that say for whom something is. */
const FOR_WHOM =
  /\b(for (?:home|families|people|companies|businesses|small|everyone|restaurants|shops|teams|owners|parents|anyone)|our (?:customers|clients|guests|readers|members)|customers (?:are|who)|we (?:serve|work with|supply|deliver to))\b/i;
const PROMISE = /^(?:we (?:always|only)|every\b|all (?:of )?our|only\b|each\b)/i;
const NEVER =
  /\b(we (?:never|do not|don't|avoid)|never\b|without any|no (?:additives|chemicals|hidden|tricks))/i;
const OFFER_HEADING =
  /\b(products?|services?|what we (?:do|offer|make)|our range|assortment|menu|solutions|pricing|prices|shop)\b/i;
const RIVAL =
  /\b(?:[Uu]nlike|[Cc]ompared (?:with|to)|[Aa]lternative to|[Ii]nstead of|versus|vs\.?)\s+((?:\p{Lu}[\p{L}\p{N}&'’.-]+\s?){1,4})/gu;

/** Characters of a list's value; a keyword longer than a word is none. */
const LENGTH = { value: 200, keyword: 40 };
/** Most values the offline proposal has of a list. */
const MOST = { products: 12, rules: 5, keywords: 8, competitors: 5 };

/**
 * A client context put together from sentences, headings and lists of the client's own pages, word for word where it can.
 * What the pages don't say plainly is left out.
 */
export function sketchContext(material: Material): FoundContext {
  const pages = [...material.knowledge].sort((a, b) => nearness(b, material) - nearness(a, material));
  const said = pages.flatMap((passage) => sentencesOf(passage.text).map((text): Said => ({ text, passage })));
  return {
    companySummary: joined(best(said, (text) => (IS.test(text) ? 2 : 0) + named(text, material), 2)),
    brandVoice: voiceOf(said),
    audience: joined(said.filter(({ text }) => FOR_WHOM.test(text)).slice(0, 2)),
    products: distinct(pages.flatMap(offers)).slice(0, MOST.products),
    competitors: distinct(said.flatMap(rivals)).slice(0, MOST.competitors),
    dos: distinct(said.filter(({ text }) => PROMISE.test(text)).map((each) => ruled("Keep to", each))).slice(
      0,
      MOST.rules,
    ),
    donts: distinct(
      said.filter(({ text }) => NEVER.test(text)).map((each) => ruled("Don't contradict", each)),
    ).slice(0, MOST.rules),
    keywords: keywordsOf(pages, material).slice(0, MOST.keywords),
  };
}

/** The start page and pages about the company say most plainly what it is. */
function nearness({ url, title }: Knowledge, { input }: Material): number {
  const path = URL.parse(url)?.pathname ?? "/-";
  if (path === "/" || url === input.company?.website) return 3;
  return /\babout\b|who-we-are|company/i.test(`${path} ${title}`) ? 2 : url === "" ? 0 : 1;
}

function named(text: string, { input }: Material): number {
  const words = keyWords(input.company?.name ?? "");
  return words.some((word) => text.toLowerCase().includes(word)) ? 1 : 0;
}

/** The sentences that fit best, in the order in which the pages say them; the very first one when none fits. */
function best(said: readonly Said[], fit: (text: string) => number, count: number): Said[] {
  const scored = said.map((each, at) => ({ each, at, score: fit(each.text) }));
  const fitting = scored.filter(({ score }) => score > 0);
  return (fitting.length > 0 ? fitting : scored.slice(0, 1))
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

function joined(said: readonly Said[]): Value | null {
  const distinctly = said.filter(({ text }, at) => said.findIndex((other) => other.text === text) === at);
  if (distinctly.length === 0) return null;
  return {
    text: distinctly.map(({ text }) => text).join(" "),
    sources: [...new Set(distinctly.map(({ passage }) => passage.number))],
  };
}

/** How the pages sound, by counting: who speaks to whom, and in how long sentences. */
function voiceOf(said: readonly Said[]): Value | null {
  if (said.length < 3) return null;
  const share = (word: RegExp) => said.filter(({ text }) => word.test(text)).length / said.length;
  const words = said.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0) / said.length;
  const speaker = share(/\b(we|our|us)\b/i) >= 0.2 ? "Speaks as “we”" : "Speaks about the company by name";
  const reader =
    share(/\b(you|your)\b/i) >= 0.2 ? "and to the reader as “you”" : "without addressing the reader";
  const length = words <= 14 ? "short" : words <= 22 ? "medium-long" : "long";
  const example = said.find(({ text }) => /\b(we|our|you)\b/i.test(text)) ?? said[0];
  if (!example) return null;
  return {
    text: `${speaker} ${reader}, in ${length} sentences of about ${Math.round(words)} words. For example: “${shorten(example.text, 200)}”`,
    sources: [example.passage.number],
  };
}

/** List items below a heading that announces what is offered, and the headings below such a one. */
function offers(passage: Knowledge): Value[] {
  const headings = passage.locator.split(" › ");
  const at = headings.findIndex((heading) => OFFER_HEADING.test(heading));
  const path = URL.parse(passage.url)?.pathname ?? "";
  if (at < 0 && !OFFER_HEADING.test(path)) return [];
  const below = at >= 0 ? headings.slice(at + 1, at + 2) : [];
  const items = [...passage.text.matchAll(/^\s*(?:[-*+]|\d+[.)])\s+(.{3,160})$/gm)].map(
    (match) => match[1] ?? "",
  );
  return [...below, ...items]
    .map((text) =>
      text
        .replaceAll(/[*_`]/g, "")
        .replace(/[.;,]$/, "")
        .trim(),
    )
    .filter((text) => text.length >= 3)
    .map((text) => ({ text: shorten(text, LENGTH.value), sources: [passage.number] }));
}

function rivals({ text, passage }: Said): Value[] {
  return [...text.matchAll(RIVAL)].map((match) => ({
    text: shorten((match[1] ?? "").trim().replace(/[.,]$/, ""), LENGTH.value),
    sources: [passage.number],
  }));
}

const ruled = (verb: string, { text, passage }: Said): Value => ({
  text: `${verb} what the site says: “${shorten(text, 300)}”`,
  sources: [passage.number],
});

/** Words that titles and headings of several passages share. */
function keywordsOf(pages: readonly Knowledge[], { input }: Material): Value[] {
  const own = new Set(keyWords(input.company?.name ?? ""));
  const places = new Map<string, number[]>();
  for (const { title, locator, number } of pages) {
    for (const word of new Set(keyWords(`${title} ${locator}`)))
      if (!own.has(word) && word.length <= LENGTH.keyword && !/^\d+$/.test(word))
        places.set(word, [...(places.get(word) ?? []), number]);
  }
  return [...places]
    .filter(([, numbers]) => numbers.length >= 2)
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([text, numbers]) => ({ text, sources: numbers.slice(0, 3) }));
}

/** Each text once, with all its sources. */
function distinct(values: readonly Value[]): Value[] {
  const byText = new Map<string, Value>();
  for (const { text, sources } of values) {
    const key = text.toLowerCase();
    const known = byText.get(key);
    byText.set(key, {
      text: known?.text ?? text,
      sources: [...new Set([...(known?.sources ?? []), ...sources])],
    });
  }
  return [...byText.values()];
}
