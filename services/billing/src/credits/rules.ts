export type EntryKind = "grant" | "reserve" | "settle" | "release";
export type Account = "granted" | "available" | "reserved" | "spent";
/** What one transaction changes; sums to zero. */
export type Postings = Readonly<Partial<Record<Account, number>>>;

/** The sums of a tenant's ledger, and what its month is at. Credits. */
export interface Balances {
  readonly available: number;
  readonly reserved: number;
  /** Settled in the present month. */
  readonly spentInMonth: number;
}

/** What a run's entries say so far. */
export interface RunEntries {
  /** Credits of its reservation; undefined when it has none. */
  readonly reserved: number | undefined;
  /** Settled or released: nothing changes any more. */
  readonly closed: boolean;
}

export interface Terms {
  /** Credits a month brings. */
  readonly monthlyCredits: number;
  /** Credits that may be spent in a month; 0 for no limit besides the balance. */
  readonly monthlyCap: number;
}

export type Refusal = "credits_exhausted" | "cap_reached";
export type Decision =
  | { readonly kind: "post"; readonly postings: Postings }
  /** It is so already. */
  | { readonly kind: "nothing" }
  | { readonly kind: "refuse"; readonly reason: Refusal };

const NOTHING: Decision = { kind: "nothing" };
const post = (postings: Postings): Decision => ({ kind: "post", postings });

export const grant = (credits: number): Postings => ({ granted: -credits, available: credits });

/** Takes credits aside for a run. A run has one reservation: asking again is the same one. */
export function reserve(balances: Balances, terms: Terms, run: RunEntries, credits: number): Decision {
  if (run.reserved !== undefined) return NOTHING;
  const committed = balances.spentInMonth + balances.reserved + credits;
  if (terms.monthlyCap > 0 && committed > terms.monthlyCap) return { kind: "refuse", reason: "cap_reached" };
  if (credits > balances.available) return { kind: "refuse", reason: "credits_exhausted" };
  return post({ available: -credits, reserved: credits });
}

/** Books what a run really cost, never more than was reserved; the rest is free again. */
export function settle(run: RunEntries, credits: number): Decision {
  if (run.reserved === undefined || run.closed) return NOTHING;
  const spent = Math.min(credits, run.reserved);
  return post({ reserved: -run.reserved, spent, available: run.reserved - spent });
}

/** Gives a reservation back whole. */
export function release(run: RunEntries): Decision {
  if (run.reserved === undefined || run.closed) return NOTHING;
  return post({ reserved: -run.reserved, available: run.reserved });
}

/** Share of the month's credits or cap after which people are told. */
const LOW_SHARE = 0.8;

/** Whether four fifths of what the month has are used up or spoken for. */
export function isLow(balances: Balances, { monthlyCredits, monthlyCap }: Terms): boolean {
  const used = balances.spentInMonth + balances.reserved;
  if (monthlyCap > 0 && used >= monthlyCap * LOW_SHARE) return true;
  return monthlyCredits > 0 && monthlyCredits - balances.available >= monthlyCredits * LOW_SHARE;
}

/** The month of an instant in a time zone: 2026-12. An unknown zone counts as UTC. */
export function monthOf(instant: Date, timeZone: string): string {
  return dayOf(instant, timeZone).slice(0, 7);
}

/** The calendar day of an instant in a time zone: 2026-12-31. An unknown zone counts as UTC. */
export function dayOf(instant: Date, timeZone: string): string {
  return dayFormat(timeZone).format(instant);
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Kept: making one takes a hundred times as long as using it, and there are as many as time zones. */
function dayFormat(timeZone: string): Intl.DateTimeFormat {
  const known = dayFormats.get(timeZone);
  if (known) return known;
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat("en-CA", { ...parts, timeZone });
  } catch {
    return dayFormat("UTC");
  }
  dayFormats.set(timeZone, made);
  return made;
}

/**
 * The day a month after `day`, counted from the day the subscription began so that the 31st comes back after February.
 *
 * @param day YYYY-MM-DD
 * @param anchor day of the month, 1 to 31
 */
export function monthAfter(day: string, anchor: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  // The month after, counted from 0, is `month` itself.
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(anchor, last))).toISOString().slice(0, 10);
}

/** The day of the month of a YYYY-MM-DD, 1 to 31. */
export const anchorOf = (day: string): number => Number(day.slice(8, 10));

/**
 * When a subscription renews after `renewsOn`. The day it began on is the later of two neighbouring ones: no two months
 * that follow each other are both too short for it.
 *
 * @param periodStart YYYY-MM-DD, the renewal before
 * @param renewsOn YYYY-MM-DD
 */
export function renewalAfter(periodStart: string, renewsOn: string): string {
  return monthAfter(renewsOn, Math.max(anchorOf(periodStart), anchorOf(renewsOn)));
}
