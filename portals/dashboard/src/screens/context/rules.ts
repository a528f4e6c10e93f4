import type { ClientContext } from "@leadmetrics/web";

/** The context while it is written: lists are one line each. */
export type ContextForm = Record<keyof ClientContext, string>;

interface Field {
  name: keyof ClientContext;
  label: string;
  help?: string;
  rows?: number;
  /** One entry a line. */
  list?: boolean;
  /** A single line of text. */
  line?: boolean;
}

export const fields: readonly { title: string; fields: readonly Field[] }[] = [
  {
    title: "Company",
    fields: [
      {
        name: "companySummary",
        label: "What the company does",
        help: "Two or three sentences a stranger understands.",
      },
      { name: "website", label: "Website", line: true },
      { name: "products", label: "Products and services", help: "One a line.", list: true },
      {
        name: "competitors",
        label: "Competitors",
        help: "One a line. Drafts never praise them.",
        list: true,
      },
    ],
  },
  {
    title: "Voice and audience",
    fields: [
      {
        name: "brandVoice",
        label: "Brand voice",
        help: "How it sounds: plain, warm, expert. An example sentence helps most.",
      },
      {
        name: "audience",
        label: "Audience",
        help: "Who reads it, what they know already, what worries them.",
      },
    ],
  },
  {
    title: "Rules",
    fields: [
      { name: "dos", label: "Do", help: "One a line.", list: true },
      {
        name: "donts",
        label: "Don't",
        help: "One a line. Words, claims and topics to stay away from.",
        list: true,
      },
      {
        name: "keywords",
        label: "Keywords",
        help: "One a line. What people should find you by.",
        list: true,
      },
    ],
  },
];

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

export function toForm(context: ClientContext): ContextForm {
  const write = (value: string | string[]) => (Array.isArray(value) ? value.join("\n") : value);
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => [name, write(value)]),
  ) as ContextForm;
}

export function toContext(form: ContextForm): ClientContext {
  return {
    companySummary: form.companySummary.trim(),
    brandVoice: form.brandVoice.trim(),
    audience: form.audience.trim(),
    website: form.website.trim(),
    products: lines(form.products),
    competitors: lines(form.competitors),
    dos: lines(form.dos),
    donts: lines(form.donts),
    keywords: lines(form.keywords),
  };
}
