import type { ClientContext } from "@leadmetrics/web";
import { type Check, type Looked, listed, names } from "./check.ts";

const QUOTED = /["“”„«»]([^"“”„«»]{2,60})["“”„«»]|(?<!\p{L})['‘]([^'‘’]{2,60})['’](?!\p{L})/gu;
/** "Never say cheap", "avoid jargon words like synergy, leverage": what follows is a list of words. */
const SAYING =
  /\b(?:say|says|use|write|mention|call it|words? like|phrases? like|the words?)\s+(?:the words?\s+)?([^.;()]+)/iu;
/** What such a list ends with, and words that are no term. */
const TAIL = /\s+(?:in|on|at|for|when|unless|because|to|about|anywhere|ever|as|with)\s.*$/iu;
const EMPTY = new Set(["it", "them", "that", "this", "these", "any", "such", "words", "too many", "a lot"]);
/** Words a term has at most; longer ones are an explanation. */
const TERM_WORDS = 4;

/** The very words a rule is about; none when it can't be told from its text, and a person has to judge. */
export function termsOf(rule: string): string[] {
  const quoted = [...rule.matchAll(QUOTED)].map((hit) => (hit[1] ?? hit[2] ?? "").trim());
  if (quoted.length > 0) return quoted;
  const list = SAYING.exec(rule)?.[1]?.replace(TAIL, "");
  return (list ?? "")
    .split(/,|\bor\b|\band\b|\//iu)
    .map((term) => term.trim().toLowerCase())
    .filter((term) => term.length > 1 && !EMPTY.has(term) && term.split(/\s+/).length <= TERM_WORDS);
}

/** The client's own rules, as far as their words can be looked for; what is left for judgement is in the context. */
export function brandChecks({ context, lower }: Looked): Check[] {
  if (!context) return [];
  return [...dontChecks(context, lower), ...doChecks(context, lower), ...competitorChecks(context, lower)];
}

function dontChecks({ donts }: ClientContext, lower: string): Check[] {
  const terms = donts.flatMap(termsOf);
  if (terms.length === 0) return [];
  const found = terms.filter((term) => names(lower, term));
  return [{ name: "Brand don'ts", passed: found.length === 0, hint: `Says ${listed(found.map(inQuotes))}.` }];
}

function doChecks({ dos }: ClientContext, lower: string): Check[] {
  const rules = dos.map((rule) => ({ rule, terms: termsOf(rule) })).filter(({ terms }) => terms.length > 0);
  if (rules.length === 0) return [];
  const open = rules.filter(({ terms }) => !terms.some((term) => names(lower, term)));
  return [
    {
      name: "Brand dos",
      passed: open.length === 0,
      hint: `Look at: ${listed(
        open.map(({ rule }) => rule),
        2,
      )}`,
    },
  ];
}

function competitorChecks({ competitors }: ClientContext, lower: string): Check[] {
  if (competitors.length === 0) return [];
  const found = competitors.filter((name) => names(lower, name));
  return [{ name: "No competitor named", passed: found.length === 0, hint: `Names ${listed(found)}.` }];
}

const inQuotes = (term: string): string => `“${term}”`;
