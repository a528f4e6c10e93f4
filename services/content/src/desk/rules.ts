import { DESK } from "./tunables.ts";

export interface Claim {
  readonly claimed_by: string;
  readonly lease_until: Date;
}

/** Whose a draft is: the asking person's, nobody's (never claimed, or the lease is over), or somebody else's. */
export function holderOf(claim: Claim | undefined, me: string, now: Date): "mine" | "nobody" | "other" {
  if (!claim || claim.lease_until.getTime() <= now.getTime()) return "nobody";
  return claim.claimed_by === me ? "mine" : "other";
}

const wordsOf = (text: string): string[] => text.match(/\S+/gu) ?? [];

/**
 * How many words were put in or taken out between two texts; a replaced word counts once. Exact up to a size, beyond it by
 * which words both have, which misses words that only moved.
 */
export function wordsChanged(before: string, after: string): { changed: number; total: number } {
  let a = wordsOf(before);
  let b = wordsOf(after);
  const total = Math.max(a.length, b.length);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  a = a.slice(start, a.length - end);
  b = b.slice(start, b.length - end);
  const changed = a.length * b.length <= DESK.distanceCells ? distance(a, b) : bagDistance(a, b);
  return { changed, total };
}

/** Levenshtein over words, in two rows. */
function distance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, word] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      const kept = (row[j] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(kept, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function bagDistance(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const word of a) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of b) {
    const left = counts.get(word) ?? 0;
    if (left > 0) {
      shared += 1;
      counts.set(word, left - 1);
    }
  }
  return Math.max(a.length, b.length) - shared;
}

/** Whether a name is a time zone this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The days up to today as 2026-12-31, oldest first, as they are in a time zone. */
export function lastDays(now: Date, count: number, timeZone: string): string[] {
  const [year = 1970, month = 1, day = 1] = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  })
    .format(now)
    .split("-")
    .map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - 1, day - (count - 1 - index))).toISOString().slice(0, 10),
  );
}
