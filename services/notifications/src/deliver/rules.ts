import type { Template } from "../templates/template.ts";

export interface Chosen {
  readonly inApp: boolean;
  readonly email: boolean;
}

/** What a person gets: what they chose, else the template's default; what is always sent is always sent. */
export function channelsFor(template: Template, chosen: Chosen | undefined): Chosen {
  return template.always ? template.byDefault : (chosen ?? template.byDefault);
}

/** Whether mail may go to an address; an empty list allows every domain. */
export function mayMail(address: string, allowedDomains: readonly string[]): boolean {
  if (allowedDomains.length === 0) return true;
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return allowedDomains.some((allowed) => domain === allowed || domain.endsWith(`.${allowed}`));
}

/** Whether an SMTP failure is for good: 5xx answers are, everything else may pass. */
export function isPermanent(responseCode: number | undefined): boolean {
  return responseCode !== undefined && responseCode >= 500 && responseCode < 600;
}
