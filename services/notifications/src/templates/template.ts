/** What a person is told on one occasion. Texts are Handlebars over the event's fields. */
export interface Template {
  /** Name in preferences and deliveries. */
  readonly kind: string;
  /** What it is about, for the page of preferences. */
  readonly description: string;
  readonly title: string;
  readonly body: string;
  /** Path in the reader's portal. */
  readonly link: string;
  /** Path in a mail, where it differs: what stands behind it opens without signing in. Needs a secret of the reader's own. */
  readonly mailLink?: string;
  /** Label of the mail's button. */
  readonly action: string;
  /** Without a person having chosen. */
  readonly byDefault: { readonly inApp: boolean; readonly email: boolean };
  /** Security and sign-up mails can't be switched off. */
  readonly always?: boolean;
}
