import type { QueueFilter } from "@leadmetrics/web";

/** A filter somebody keeps under a name. */
export interface SavedFilter {
  name: string;
  filter: QueueFilter;
}

/** Names kept at most; the oldest leaves first. */
const KEPT = 12;

/** Saved filters belong to a person, on the machine they review on. */
export const filtersKey = (userRef: string): string => `lm:dm:filters:${userRef}`;

const isFilter = (value: unknown): value is SavedFilter =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  typeof value.name === "string" &&
  "filter" in value &&
  typeof value.filter === "object" &&
  value.filter !== null;

/** Reads what was kept; whatever isn't a list of filters counts as none. */
export function readFilters(text: string | null): SavedFilter[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter(isFilter) : [];
  } catch {
    return [];
  }
}

/** The list with one more; one of the same name is replaced. */
export function withFilter(filters: readonly SavedFilter[], one: SavedFilter): SavedFilter[] {
  return [...filters.filter(({ name }) => name !== one.name), one].slice(-KEPT);
}

/** Whether anything is left out. */
export const isNarrow = (filter: QueueFilter): boolean => Object.values(filter).some(Boolean);

/** Two filters that show the same. */
export const sameFilter = (a: QueueFilter, b: QueueFilter): boolean => textOf(a) === textOf(b);

const textOf = (filter: QueueFilter): string =>
  JSON.stringify(
    Object.entries(filter)
      .filter(([, value]) => value)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
