/**
 * Texts of a screen in one place, typed: English is the source, a translation has the same names and arguments. A text
 * with something in it is a function, so that a translation can put it where its language wants it.
 *
 *     const texts = messages({ title: "Runs", left: (n: number) => `${n} left` }, { de: { title: "Läufe" } });
 *     const { title, left } = useMessages(texts);
 */
export type Texts = Readonly<Record<string, string | ((...args: never[]) => string)>>;

/** English texts are literals; a translation may say anything of the same kind. */
type Translation<T extends Texts> = { readonly [K in keyof T]?: T[K] extends string ? string : T[K] };

export interface Catalogue<T extends Texts> {
  readonly en: T;
  /** By language (`de`) or language and region (`pt-BR`); what one lacks is said in English. */
  readonly others: Readonly<Record<string, Translation<T>>>;
}

export function messages<T extends Texts>(
  en: T,
  others: Readonly<Record<string, Translation<T>>> = {},
): Catalogue<T> {
  return { en, others };
}

/** The texts for a BCP 47 locale: its region's, else its language's, else English. */
export function textsFor<T extends Texts>(catalogue: Catalogue<T>, locale: string): T {
  const language = locale.split("-")[0] ?? "en";
  const chosen = catalogue.others[locale] ?? catalogue.others[language];
  return chosen ? { ...catalogue.en, ...chosen } : catalogue.en;
}

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form a number asks for in a language; `#` stands for the number. */
export function plural(locale: string, count: number, forms: Forms): string {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
  return form.replace("#", new Intl.NumberFormat(locale).format(count));
}
