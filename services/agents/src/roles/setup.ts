import { ContextField } from "@leadmetrics/proto/tenancy/v1/onboarding";
import { z } from "zod";
import type { Knowledge, Material } from "../prompt/material.ts";
import { sketchContext } from "../sketch/context.ts";
import { nearestSentence } from "../sketch/text.ts";
import type { Role, RoleOutput } from "./role.ts";

/** Most values of a list, and most passages one value rests on. */
const MOST_VALUES = 20;
const MOST_SOURCES = 4;
/** Characters of a quote. */
const QUOTE = 300;

const value = z.object({
  text: z.string().trim().min(1).max(4_000),
  sources: z.array(z.number().int()).describe("numbers of the passages it stands in"),
});
const text = value.nullable();
const list = z.array(value.extend({ text: z.string().trim().min(1).max(500) }));

/** What the role answers with. What the knowledge doesn't say is null, or an empty list. */
export const foundContext = z.object({
  companySummary: text.describe("what the company does and for whom, two or three sentences"),
  brandVoice: text.describe("how its own texts sound: person, tone, length of sentences"),
  audience: text,
  products: list.describe("products and services, each with what makes it special"),
  competitors: z.array(value.extend({ text: z.string().trim().min(1).max(200) })),
  dos: list.describe("what texts should always do, as the company itself does"),
  donts: list.describe("what texts must not say or do"),
  keywords: z.array(value.extend({ text: z.string().trim().min(1).max(100) })),
});
export type FoundContext = z.output<typeof foundContext>;
type FoundValue = z.output<typeof value>;

const FIELDS: readonly (readonly [keyof FoundContext, ContextField])[] = [
  ["companySummary", ContextField.COMPANY_SUMMARY],
  ["brandVoice", ContextField.BRAND_VOICE],
  ["audience", ContextField.AUDIENCE],
  ["products", ContextField.PRODUCTS],
  ["competitors", ContextField.COMPETITORS],
  ["dos", ContextField.DOS],
  ["donts", ContextField.DONTS],
  ["keywords", ContextField.KEYWORDS],
];

/** Proposes a new client's context from what its website says. People correct it before anybody writes by it. */
export const setup: Role = {
  name: "setup",
  title: "Setup agent",
  group: "llm",
  credits: 0,
  concurrency: 4,
  timeoutMs: 5 * 60_000,
  maxOutputTokens: 8_000,
  skills: [],
  openToClient: true,
  instructions: [
    "A new client begins. From the pages of its website you gather what everybody who writes for it has to know. A person",
    "of the client reads your proposal beside its sources and corrects it.",
    "Say only what the knowledge says. Every value names the passages it stands in; what no passage says is left out, and a",
    "field about which there is nothing is null or empty. Don't guess, don't fill in what companies like it usually do, and",
    "take nothing from what you know about the company besides. Write in the language of the website.",
  ].join("\n"),
  outputRules: "Answer with the JSON object that the schema describes and nothing else.",
  output: { kind: "object", name: "client_context", jsonSchema: z.toJSONSchema(foundContext) },
  knowledge: {
    limit: 8,
    query: ({ input }) => {
      const name = input.company?.name ?? "";
      return [
        `${name} about us, who we are, what we do`,
        `${name} products, services, what we offer, prices`,
        "our customers, for whom we work, clients, who it is for",
        "our values, our promise, quality, we always, we never, without",
        "our story, founded, family, team, since",
        "compared with, alternative to, unlike others, competitors",
        `${name} news, blog, questions and answers`,
      ];
    },
  },
  accept(result, material, offline): RoleOutput {
    const found = foundContext.parse(result.object);
    const sources = new Sources(material.knowledge);
    const fields = FIELDS.flatMap(([name, field]) => {
      const given = found[name];
      const values = (Array.isArray(given) ? given : given ? [given] : [])
        .slice(0, MOST_VALUES)
        .flatMap((each) => sources.backed(each) ?? []);
      return values.length > 0 ? [{ field, values }] : [];
    });
    const website = websiteOf(material, sources);
    return {
      case: "context",
      value: { fields: website ? [...fields, website] : fields, sources: sources.listed, offline },
    };
  },
  sketch: (material) => JSON.stringify(sketchContext(material), null, 2),
};

/** The address itself, which the first page read from it shows. */
function websiteOf({ input, knowledge }: Material, sources: Sources) {
  const website = input.company?.website;
  const page = knowledge.find(({ url }) => url !== "");
  if (!website || !page) return undefined;
  return { field: ContextField.WEBSITE, values: [{ text: website, sources: [sources.read(page)] }] };
}

/** The quotes a proposal rests on, each once, numbered in the order in which they are needed. */
class Sources {
  readonly #knowledge: ReadonlyMap<number, Knowledge>;
  readonly #byQuote = new Map<string, number>();
  readonly listed: {
    number: number;
    title: string;
    url: string;
    locator: string;
    quote: string;
    fileRef: string;
  }[] = [];

  constructor(knowledge: readonly Knowledge[]) {
    this.#knowledge = new Map(knowledge.map((passage) => [passage.number, passage]));
  }

  /** The value with the numbers of its quotes; undefined when it names no passage there is: nobody could check it. */
  backed({ text: said, sources }: FoundValue): { text: string; sources: number[] } | undefined {
    const passages = [...new Set(sources)].flatMap((number) => this.#knowledge.get(number) ?? []);
    if (passages.length === 0) return undefined;
    return {
      text: said,
      sources: passages.slice(0, MOST_SOURCES).map((passage) => this.#quoted(passage, said)),
    };
  }

  /** A passage's page itself, of which nothing is quoted. */
  read(passage: Knowledge): number {
    return this.#listed({ ...passage, locator: "" }, "");
  }

  #quoted(passage: Knowledge, said: string): number {
    return this.#listed(passage, nearestSentence(said, passage.text, QUOTE));
  }

  #listed(passage: Knowledge, quote: string): number {
    const key = `${passage.number}\n${quote}`;
    const known = this.#byQuote.get(key);
    if (known !== undefined) return known;
    const number = this.listed.length + 1;
    this.#byQuote.set(key, number);
    const { title, url, locator, fileRef } = passage;
    this.listed.push({ number, title, url, locator, quote, fileRef });
    return number;
  }
}
