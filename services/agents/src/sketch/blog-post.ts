import type { Material } from "../prompt/material.ts";
import { draftOf } from "./draft.ts";
import { isUnread, readFeedback, type Wishes } from "./feedback.ts";
import {
  audienceOf,
  choose,
  cited,
  companyOf,
  type Fact,
  factsAbout,
  keyWords,
  lowerFirst,
  mentions,
  OFFLINE_LABEL,
  shorten,
  upperFirst,
} from "./text.ts";

/** A blog post from the brief, the context and the knowledge; with a note, another one that takes it in. */
export function sketchBlogPost(material: Material): string {
  const { input, context } = material;
  const wishes = readFeedback(input.feedback);
  const topic = `${input.title} ${input.theme} ${input.brief.slice(0, 400)}`;
  const avoid = [...wishes.avoid, ...context.competitors];
  const facts = factsAbout(topic, material.knowledge, avoid);
  const parts = wishes.shorter ? 2 : wishes.longer ? 5 : 3;
  const perPart = wishes.moreSources || wishes.longer ? 3 : 2;

  return draftOf(material, (seed) => ({
    title: titleOf(material, wishes, seed),
    excerpt: excerptOf(material, facts),
    body: [
      OFFLINE_LABEL,
      opening(material, wishes, seed),
      ...groups(facts, parts, perPart).map((group, index) => part(group, index, seed, wishes)),
      ...wishes.mention.map((phrase) => asked(phrase, material)),
      ...(isUnread(wishes) ? [taken(wishes.note, material)] : []),
      ...(wishes.shorter ? [] : [products(material)]),
      closing(material, wishes, seed),
    ]
      .filter(Boolean)
      .join("\n\n"),
  }));
}

function titleOf({ input, ...rest }: Material, wishes: Wishes, seed: number): string {
  const base = input.prior && !wishes.newTitle ? input.prior.title : input.title;
  if (!wishes.newTitle) return base;
  const subject = upperFirst(keyWords(input.title).slice(0, 3).join(" ") || input.title);
  const audience = audienceOf({ ...rest });
  return choose(
    [
      `${subject}: what ${audience} should know`,
      `${subject}, explained for ${audience}`,
      `A clear look at ${subject.toLowerCase()}`,
    ],
    seed,
  );
}

function opening(material: Material, wishes: Wishes, seed: number): string {
  const { input } = material;
  const audience = audienceOf(material);
  const subject = input.title.replace(/[.?!:].*$/, "");
  const first = wishes.friendlier
    ? choose(
        [
          `Let's talk about ${lowerFirst(subject)}. If you are among ${audience}, this is for you.`,
          `Hello, and welcome. This is about ${lowerFirst(subject)}, and it is for ${audience} like you.`,
        ],
        seed,
      )
    : choose(
        [
          `Many ${audience} come to us with the same question. This text answers it.`,
          `${upperFirst(audience)} have little time. So here is what matters, in order.`,
          `There is a lot of advice on this subject. This is what holds, and where it comes from.`,
        ],
        seed,
      );
  const second = wishes.moreFormal
    ? "The following sections present the facts, their sources, and the steps that follow from them."
    : "You will find the facts with their sources, what they mean for you, and what to do next.";
  return `${first} ${second}`;
}

/** Facts of one passage stand together; the passage with the best fact comes first. */
function groups(facts: readonly Fact[], parts: number, perPart: number): Fact[][] {
  const passages = new Map<string, Fact[]>();
  for (const fact of facts) {
    const key = `${fact.title} ${fact.heading}`;
    const group = passages.get(key) ?? [];
    if (group.length < perPart) passages.set(key, [...group, fact]);
  }
  return [...passages.values()].slice(0, parts);
}

const BRIDGES: readonly [string, ...string[]] = [
  "That is worth knowing before you decide.",
  "Keep it in mind when you compare.",
  "If this is new to you, start here.",
  "It makes the rest easier to judge.",
];

function part(group: readonly Fact[], index: number, seed: number, wishes: Wishes): string {
  const [lead] = group;
  // A file without headings still has a name: flour-and-mill.txt.
  const file = (lead?.title ?? "").replace(/\.\w+$/, "").replace(/[-_]+/g, " ");
  const heading =
    lead?.heading && !/^page/i.test(lead.heading) ? (lead.heading.split(/\s*[›>/]\s*/).at(-1) ?? file) : file;
  const text = wishes.asList
    ? group.map((fact) => `- ${cited(fact)}`).join("\n")
    : `${group.map(cited).join(" ")} ${choose(BRIDGES, seed + index)}`;
  return `## ${upperFirst(shorten(heading, 60))}\n\n${text}`;
}

/** What the reviewer asked to be said: with a source when there is one, else only as the client's own words. */
function asked(phrase: string, material: Material): string {
  const [fact] = factsAbout(phrase, material.knowledge).filter((each) =>
    mentions(each.text, keyWords(phrase)),
  );
  const text = fact
    ? cited(fact)
    : `${upperFirst(phrase)} belongs in this picture. The knowledge files have no source on it yet, so a person should add the details.`;
  return `## ${upperFirst(shorten(phrase, 60))}\n\n${text}`;
}

function taken(note: string, material: Material): string {
  const [fact] = factsAbout(note, material.knowledge);
  return `## Taken up from the review\n\nThe reviewer wrote: “${shorten(note, 300)}” ${fact ? cited(fact) : "A person should finish this point."}`;
}

function products({ context }: Material): string {
  if (context.products.length === 0) return "";
  return `## What we offer\n\n${context.products
    .slice(0, 4)
    .map((product) => `- ${product}`)
    .join("\n")}`;
}

function closing(material: Material, wishes: Wishes, seed: number): string {
  const { context } = material;
  const where = context.website ? ` at ${context.website}` : "";
  const company = companyOf(material);
  const call = wishes.callToAction
    ? `**Take the next step today:** talk to ${company}${where}, and bring your questions.`
    : choose(
        [
          `Questions? Talk to ${company}${where}.`,
          `If you want to know more, ${company} is glad to help${where}.`,
        ],
        seed,
      );
  return `## What to do next\n\n${call}`;
}

function excerptOf({ input }: Material, facts: readonly Fact[]): string {
  return shorten(facts[0]?.text ?? (input.theme || input.title), 155);
}
