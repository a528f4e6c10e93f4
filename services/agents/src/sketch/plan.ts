import type { Material, PlanDeliverable } from "../prompt/material.ts";
import {
  audienceOf,
  choose,
  companyOf,
  factsAbout,
  keyWords,
  lowerFirst,
  seedOf,
  shorten,
  upperFirst,
} from "./text.ts";

interface PlannedItem {
  deliverable: string;
  title: string;
  theme: string;
}

type Pattern = (subject: string, audience: string, company: string) => string;

const BLOG: readonly [Pattern, ...Pattern[]] = [
  (subject, audience) => `${upperFirst(subject)}: a practical guide for ${audience}`,
  (subject) => `What to know about ${subject} before you decide`,
  (subject) => `Five questions people ask about ${subject}`,
  (subject, _audience, company) => `Behind ${subject}: how ${company} does it`,
  (subject) => `${upperFirst(subject)}, step by step`,
  (subject) => `Common mistakes with ${subject}, and how to avoid them`,
  (subject, audience) => `Why ${subject} matters to ${audience}`,
  (subject) => `${upperFirst(subject)} in everyday life: a short checklist`,
];
const SOCIAL: readonly [Pattern, ...Pattern[]] = [
  (subject) => `Did you know? ${upperFirst(subject)} in one minute`,
  (subject) => `A question about ${subject}`,
  (subject, _audience, company) => `${upperFirst(company)} at work: ${subject}`,
  (subject) => `Three quick tips on ${subject}`,
  (subject) => `The story behind ${subject}`,
];

/** One item for each that was promised: subjects and forms take turns, so that no two are alike. */
export function sketchPlan(material: Material): PlannedItem[] {
  const used = new Set<string>();
  return (material.input.plan?.deliverables ?? []).flatMap((deliverable, index) =>
    Array.from({ length: deliverable.quantity }, (_, position) =>
      item(material, deliverable, `D${index + 1}`, position, used),
    ),
  );
}

function item(
  material: Material,
  deliverable: PlanDeliverable,
  key: string,
  position: number,
  used: Set<string>,
): PlannedItem {
  const patterns = deliverable.contentType === "social_post" ? SOCIAL : BLOG;
  const subjects = subjectsOf(material, deliverable);
  const seed = seedOf(deliverable.ref);
  const subject = choose(subjects, position);
  const pattern = choose(patterns, seed + position + Math.floor(position / subjects.length));
  let title = shorten(pattern(subject, audienceOf(material), companyOf(material)), 120);
  // After all combinations a running number keeps titles apart.
  for (let part = 2; used.has(title); part++) title = `${title.replace(/ \(part \d+\)$/, "")} (part ${part})`;
  used.add(title);
  const [fact] = factsAbout(`${subject} ${deliverable.theme}`, material.knowledge);
  const theme = [deliverable.theme || upperFirst(subject), fact ? shorten(fact.text, 200) : ""]
    .filter(Boolean)
    .join(". ");
  return { deliverable: key, title, theme: shorten(theme.replaceAll("..", "."), 480) };
}

/** What can be written about: the theme, then the client's products and keywords. */
function subjectsOf({ context }: Material, { theme }: PlanDeliverable): readonly [string, ...string[]] {
  const near = new Set(keyWords(theme));
  const products = context.products.map((product) =>
    lowerFirst(product.split(/[:(–—.]| - /)[0]?.trim() ?? product),
  );
  const others = [...products, ...context.keywords.map((keyword) => keyword.trim())]
    .filter((subject) => subject.length > 2 && subject.length < 60)
    .sort((a, b) => overlap(b, near) - overlap(a, near));
  const first = theme.split(/[.;\n]/)[0]?.trim();
  return [first ? lowerFirst(shorten(first, 60)) : (others[0] ?? "our work"), ...new Set(others)];
}

const overlap = (text: string, words: ReadonlySet<string>): number =>
  keyWords(text).filter((word) => words.has(word)).length;
