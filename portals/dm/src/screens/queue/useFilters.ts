"use client";
import { type QueueFilter, useMe } from "@leadmetrics/web";
import { useEffect, useState } from "react";
import { filtersKey, readFilters, type SavedFilter, withFilter } from "./filters.ts";

/** The person's saved filters, and the one in use. */
export function useFilters() {
  const me = useMe();
  const key = me ? filtersKey(me.user.ref) : undefined;
  const [filter, setFilter] = useState<QueueFilter>({});
  const [saved, setSaved] = useState<readonly SavedFilter[]>([]);
  useEffect(() => {
    if (key) setSaved(readFilters(localStorage.getItem(key)));
  }, [key]);
  const keep = (next: readonly SavedFilter[]) => {
    setSaved(next);
    if (key) localStorage.setItem(key, JSON.stringify(next));
  };
  return {
    filter,
    setFilter,
    saved,
    save: (name: string) => keep(withFilter(saved, { name, filter })),
    forget: (name: string) => keep(saved.filter((one) => one.name !== name)),
  };
}
