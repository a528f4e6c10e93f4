import type {
  AcceptedField,
  ClientContext,
  ContextFieldName,
  ContextProposal,
  Crawl,
  Onboarding,
  OnboardingStepName,
  ProposalSource,
  StepState,
} from "@leadmetrics/web";

export const STEPS: readonly { name: OnboardingStepName; label: string; why: string }[] = [
  { name: "company", label: "Company", why: "Its name, and how you write dates and money." },
  { name: "website", label: "Website", why: "We read it, so that you don't have to write it all again." },
  {
    name: "context",
    label: "Client context",
    why: "What agents are told before every draft. You correct it.",
  },
  { name: "channels", label: "Channels", why: "Where approved posts go." },
  { name: "plan", label: "Strategy and plan", why: "What is made, and how much of it. You approve it." },
];

export const isStep = (name: string | null): name is OnboardingStepName =>
  STEPS.some((step) => step.name === name);

export const stateOf = (onboarding: Onboarding, step: OnboardingStepName): StepState =>
  onboarding.steps.find((one) => one.step === step)?.state ?? "open";

/** Where to go on: the first step that is neither done nor left out; the last one when none is. */
export function openStep(onboarding: Onboarding): OnboardingStepName {
  return STEPS.find(({ name }) => stateOf(onboarding, name) === "open")?.name ?? "plan";
}

/** The step after this one that is still open; undefined when all that follow are settled. */
export function stepAfter(onboarding: Onboarding, step: OnboardingStepName): OnboardingStepName | undefined {
  const at = STEPS.findIndex(({ name }) => name === step);
  return STEPS.slice(at + 1).find(({ name }) => stateOf(onboarding, name) === "open")?.name;
}

export const isReading = ({ status }: Pick<Crawl, "status">): boolean =>
  status === "queued" || status === "reading" || status === "indexing";

/** How far a crawl is, 0 to 1; undefined before it knows of a page. What is found may still grow, so it never says 1. */
export function crawlShare(crawl: Crawl): number | undefined {
  if (!isReading(crawl)) return 1;
  if (crawl.status === "queued" || crawl.pagesFound === 0) return undefined;
  if (crawl.status === "indexing") return 0.97;
  const settled = crawl.pagesRead + crawl.pagesSkipped + crawl.pagesFailed;
  return Math.min(0.95, settled / Math.min(crawl.pagesFound, crawl.maxPages + crawl.pagesSkipped));
}

/** A crawl in one sentence. */
export function crawlSentence(crawl: Crawl): string {
  const pages = (count: number) => `${count} ${count === 1 ? "page" : "pages"}`;
  switch (crawl.status) {
    case "queued":
      return "Waiting for a free reader.";
    case "reading":
      return `${pages(crawl.pagesRead)} read, ${crawl.pagesFound} found so far.`;
    case "indexing":
      return `${pages(crawl.pagesRead)} read. Making them findable.`;
    case "failed":
      return crawl.problem || "The website could not be read.";
    case "cancelled":
      return crawl.pagesRead > 0
        ? `Stopped after ${pages(crawl.pagesRead)}; they stay in your knowledge.`
        : "Stopped before a page was read.";
    case "finished":
      return [
        `${pages(crawl.pagesRead)} read.`,
        crawl.limitedBy === "pages" ? `That is the most we read; ${crawl.pagesFound} were found.` : "",
        crawl.limitedBy === "time" ? "There was no time for the others." : "",
        crawl.problem,
      ]
        .filter(Boolean)
        .join(" ");
  }
}

interface ProposalField {
  readonly field: ContextFieldName;
  readonly name: keyof ClientContext;
  readonly label: string;
  readonly help?: string;
  readonly kind: "text" | "list" | "line";
}

/** In the order in which the client context shows them. */
export const FIELDS: readonly ProposalField[] = [
  { field: "company_summary", name: "companySummary", label: "What the company does", kind: "text" },
  { field: "website", name: "website", label: "Website", kind: "line" },
  { field: "products", name: "products", label: "Products and services", help: "One a line.", kind: "list" },
  { field: "competitors", name: "competitors", label: "Competitors", help: "One a line.", kind: "list" },
  { field: "brand_voice", name: "brandVoice", label: "Brand voice", kind: "text" },
  { field: "audience", name: "audience", label: "Audience", kind: "text" },
  { field: "dos", name: "dos", label: "Do", help: "One a line.", kind: "list" },
  { field: "donts", name: "donts", label: "Don't", help: "One a line.", kind: "list" },
  { field: "keywords", name: "keywords", label: "Keywords", help: "One a line.", kind: "list" },
];

/** What a field of a proposal rests on, each quote once: many pages may say the same. */
export function sourcesOf(proposal: ContextProposal, name: ContextFieldName): ProposalSource[] {
  const values = proposal.fields.find(({ field }) => field === name)?.values ?? [];
  const numbers = new Set(values.flatMap(({ sources }) => sources));
  const byQuote = new Map<string, ProposalSource>();
  for (const source of proposal.sources)
    if (numbers.has(source.number) && !byQuote.has(source.quote)) byQuote.set(source.quote, source);
  return [...byQuote.values()];
}

/** What a person makes of a proposal: the text of each field. */
export type ProposalForm = Readonly<Record<ContextFieldName, string>>;

/** The proposal as it is corrected; what was taken over already shows as it was stored. */
export function proposalForm(
  proposal: ContextProposal,
  accepted: readonly AcceptedField[],
  context: ClientContext,
): ProposalForm {
  return Object.fromEntries(
    FIELDS.map(({ field, name }) => {
      const stored = context[name];
      const now = Array.isArray(stored) ? stored.join("\n") : stored;
      const taken = accepted.some((one) => one.field === field);
      const proposed = proposal.fields.find((one) => one.field === field)?.values.map(({ text }) => text);
      return [field, taken || !proposed ? now : proposed.join("\n")];
    }),
  ) as ProposalForm;
}

/** A field as it is sent: a text whole, a list line by line. */
export function acceptedField(form: ProposalForm, { field, kind }: ProposalField): AcceptedField {
  const text = form[field].trim();
  const values =
    kind === "list"
      ? text
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean)
      : text === ""
        ? []
        : [text];
  return { field, values };
}

/** The fields that hold something, or are to be emptied because they held something before. */
export function fieldsToAccept(form: ProposalForm, context: ClientContext): AcceptedField[] {
  return FIELDS.map((field) => ({ field, sent: acceptedField(form, field) }))
    .filter(({ field, sent }) => sent.values.length > 0 || context[field.name].length > 0)
    .map(({ sent }) => sent);
}

/** The last thing the setup agent has found, out of the data it is writing. */
export function foundSoFar(readable: string): { count: number; last: string } {
  const lines = readable.split("\n").filter((line) => line.startsWith("- "));
  return { count: lines.length, last: lines.at(-1)?.slice(2) ?? "" };
}
