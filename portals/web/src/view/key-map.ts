"use client";
import type { KeyGroup } from "@leadmetrics/ui";
import { useEffect, useSyncExternalStore } from "react";
import { useKeys } from "./keys.ts";

/** The keys of what is on the screen now, in the order they came. */
let shown: readonly KeyGroup[] = [];
const listeners = new Set<() => void>();
const none: readonly KeyGroup[] = [];

function change(next: readonly KeyGroup[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** One key of a view: what it does in words, and the doing. */
export interface KeyDoes {
  what: string;
  run: () => void;
}

/**
 * The keys of a view, working and in the keyboard map. Give `keys` the same names in the same order at every render; what
 * they do may change.
 */
export function useKeyMap(title: string, keys: Readonly<Record<string, KeyDoes>>): void {
  useKeys(Object.fromEntries(Object.entries(keys).map(([key, { run }]) => [key, run])));
  const lines = JSON.stringify(Object.entries(keys).map(([key, { what }]) => ({ keys: [key], what })));
  useEffect(() => {
    const group: KeyGroup = { title, lines: JSON.parse(lines) };
    change([...shown, group]);
    return () => change(shown.filter((one) => one !== group));
  }, [title, lines]);
}

export function useShownKeys(): readonly KeyGroup[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
    () => none,
  );
}
