import { create, type MessageShape } from "@bufbuild/protobuf";
import { type ClientContext, ClientContextSchema } from "@leadmetrics/proto/tenancy/v1/context";
import { type AcceptedFieldSchema, ContextField } from "@leadmetrics/proto/tenancy/v1/onboarding";

type Accepted = MessageShape<typeof AcceptedFieldSchema>;
type TextName = "companySummary" | "brandVoice" | "audience" | "website";
type ListName = "products" | "competitors" | "dos" | "donts" | "keywords";

const TEXTS: Partial<Record<ContextField, TextName>> = {
  [ContextField.COMPANY_SUMMARY]: "companySummary",
  [ContextField.BRAND_VOICE]: "brandVoice",
  [ContextField.AUDIENCE]: "audience",
  [ContextField.WEBSITE]: "website",
};
const LISTS: Partial<Record<ContextField, ListName>> = {
  [ContextField.PRODUCTS]: "products",
  [ContextField.COMPETITORS]: "competitors",
  [ContextField.DOS]: "dos",
  [ContextField.DONTS]: "donts",
  [ContextField.KEYWORDS]: "keywords",
};
/** As the contract of the client context has them: characters of a text; entries, and characters of each. */
const TEXT_MOST: Readonly<Record<TextName, number>> = {
  companySummary: 4_000,
  brandVoice: 4_000,
  audience: 4_000,
  website: 500,
};
const LIST_MOST: Readonly<Record<ListName, readonly [entries: number, characters: number]>> = {
  products: [50, 500],
  competitors: [50, 200],
  dos: [50, 500],
  donts: [50, 500],
  keywords: [100, 100],
};

/** The context with the accepted fields in it, or what is wrong with them. */
export function merged(
  context: ClientContext,
  fields: readonly Accepted[],
): { readonly context: ClientContext } | { readonly problems: { field: string; description: string }[] } {
  const next = create(ClientContextSchema, context);
  const problems: { field: string; description: string }[] = [];
  for (const { field, values } of fields) {
    const kept = values.map((value) => value.trim()).filter(Boolean);
    const text = TEXTS[field];
    const list = LISTS[field];
    if (text) {
      next[text] = kept.join("\n");
      if (next[text].length > TEXT_MOST[text])
        problems.push({ field: text, description: `at most ${TEXT_MOST[text]} characters` });
    }
    if (list) {
      const [entries, characters] = LIST_MOST[list];
      next[list] = kept;
      if (kept.length > entries) problems.push({ field: list, description: `at most ${entries} entries` });
      if (kept.some((value) => value.length > characters))
        problems.push({ field: list, description: `at most ${characters} characters an entry` });
    }
  }
  return problems.length > 0 ? { problems } : { context: next };
}
