import type { FilterInput, QueueFilter, SavedFilter } from "@leadmetrics/web";

/** What the board is narrowed to. */
export interface BoardFilter {
  tenantRef?: string;
  status?: string;
  title?: string;
}

/** Whether anything is left out. */
export const isNarrow = (filter: object): boolean => Object.values(filter).some(Boolean);

/** Two filters that show the same. */
export const sameFilter = (a: object, b: object): boolean => textOf(a) === textOf(b);

const textOf = (filter: object): string =>
  JSON.stringify(
    Object.entries(filter)
      .filter(([, value]) => value)
      .sort(([a], [b]) => a.localeCompare(b)),
  );

/** The narrowing of a saved filter, as its list takes it. */
export function queueFilterOf(saved: SavedFilter): QueueFilter {
  return {
    tenantRef: saved.tenantRef || undefined,
    contentType: saved.contentType ?? undefined,
    title: saved.title || undefined,
    escalated: saved.escalated || undefined,
    overdue: saved.overdue || undefined,
  };
}

export function boardFilterOf(saved: SavedFilter): BoardFilter {
  return {
    tenantRef: saved.tenantRef || undefined,
    status: saved.status || undefined,
    title: saved.title || undefined,
  };
}

/** What is sent to keep a filter: only what it narrows. */
export function kept(
  place: SavedFilter["place"],
  name: string,
  filter: QueueFilter & BoardFilter,
  isDefault: boolean,
): FilterInput {
  const { tenantRef, contentType, title, escalated, overdue, status } = filter;
  return {
    place,
    name,
    isDefault,
    ...(tenantRef ? { tenantRef } : {}),
    ...(contentType ? { contentType } : {}),
    ...(title?.trim() ? { title: title.trim() } : {}),
    ...(escalated ? { escalated } : {}),
    ...(overdue ? { overdue } : {}),
    ...(status ? { status } : {}),
  };
}
