"use client";
import type { PaletteAction } from "@leadmetrics/ui";
import { useEffect, useState } from "react";

interface Visit {
  href: string;
  label: string;
}

/** So many pages are remembered. */
const KEPT = 12;
/** A page counts as visited after this long: by then its title is its own. */
const SETTLED_MS = 1200;

function read(key: string): Visit[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    if (!Array.isArray(value)) return [];
    return value.filter(
      (one): one is Visit => typeof one?.href === "string" && typeof one?.label === "string",
    );
  } catch {
    return [];
  }
}

/** The newest visit first, each page once. */
export function withVisit(visits: readonly Visit[], visit: Visit): Visit[] {
  return [visit, ...visits.filter((one) => one.href !== visit.href)].slice(0, KEPT);
}

/**
 * Pages this person was on, newest first, without the one they are on and those the rail shows anyway. Kept in the browser
 * under the person's ref: who signs in next doesn't see them.
 */
export function useRecent(
  personRef: string | undefined,
  path: string,
  known: ReadonlySet<string>,
  go: (href: string) => void,
): readonly PaletteAction[] {
  const [visits, setVisits] = useState<readonly Visit[]>([]);
  const key = personRef ? `lm:recent:${personRef}` : undefined;
  useEffect(() => {
    if (!key) return;
    setVisits(read(key));
    const timer = setTimeout(() => {
      const label = document.title.split(" · ").slice(0, -1).join(" · ");
      if (!label || known.has(path)) return;
      const next = withVisit(read(key), { href: path, label });
      localStorage.setItem(key, JSON.stringify(next));
      setVisits(next);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [key, path, known]);
  return visits
    .filter((visit) => visit.href !== path)
    .map((visit) => ({
      id: `recent:${visit.href}`,
      label: visit.label,
      href: visit.href,
      run: () => go(visit.href),
    }));
}

/** Forgets the pages of everybody on this browser; for signing out. */
export function forgetRecent(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith("lm:recent:")) localStorage.removeItem(key);
}
