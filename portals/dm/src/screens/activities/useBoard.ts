"use client";
import { type Activity, dmQueries, type Tenant } from "@leadmetrics/web";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { BoardFilter } from "../filters/rules.ts";
import { mostUrgentFirst, titled } from "./rules.ts";

/** Milliseconds without a letter before the servers are asked. */
const TYPED_MS = 250;

/** The text as it was when nothing had been typed for a moment. */
function useTyped(text: string): string {
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    const timer = setTimeout(setTyped, TYPED_MS, text);
    return () => clearTimeout(timer);
  }, [text]);
  return typed;
}

/**
 * The activities of these tenants that a filter leaves, the newest of each. A title is looked for among those at hand at once,
 * and among all there are as soon as it is typed.
 *
 * @param ready the filter is known
 */
export function useBoard(tenants: readonly Tenant[], { status, title = "" }: BoardFilter, ready: boolean) {
  const part = title.trim();
  const asked = useTyped(part);
  const lists = useQueries({
    queries: tenants.map((one) => ({ ...dmQueries.activities(one.ref, { status }), enabled: ready })),
  });
  const searches = useQueries({
    queries:
      part && asked
        ? tenants.map((one) => ({
            ...dmQueries.activities(one.ref, { status, title: asked }),
            enabled: ready,
          }))
        : [],
  });
  const isSearching = part !== asked || searches.some((one) => one.isPending);
  const of = (queries: typeof lists): Activity[] => queries.flatMap((one) => one.data?.items ?? []);
  return {
    // What the server found for these words is right whatever this machine takes for the same letter.
    rows: mostUrgentFirst([
      ...titled(of(lists), part),
      ...(part === asked ? of(searches) : titled(of(searches), part)),
    ]),
    /** None has come yet. */
    isPending: !lists.every((one) => one.data),
    isSearching,
    failed: [...lists, ...searches].find((one) => one.error),
    /** Older ones are there that aren't among them. */
    hasOlder: (part ? searches : lists).some((one) => one.data?.nextPageToken),
  };
}
