"use client";
import { craftActions, craftQueries, type FilterPlace, type SavedFilter, useAction } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { kept } from "./rules.ts";

/**
 * The person's filters of one list, and the one in use: their default as soon as it is known, unless they chose another or a
 * link led to one thing.
 *
 * @param of what of a saved filter this list takes
 */
export function useSavedFilters<Filter extends object>(
  place: FilterPlace,
  of: (saved: SavedFilter) => Filter,
  everything: Filter,
  linked = false,
) {
  const filters = useQuery(craftQueries.filters);
  const [chosen, setChosen] = useState<Filter | undefined>(linked ? everything : undefined);
  const saved = (filters.data?.items ?? []).filter((one) => one.place === place);
  const usual = saved.find((one) => one.isDefault);
  const filter = chosen ?? (usual ? of(usual) : everything);
  const save = useAction(
    (input: { name: string; filter: Filter; isDefault: boolean }) =>
      craftActions.saveFilter(kept(place, input.name, input.filter, input.isDefault)),
    { renews: ["saved-filters"] },
  );
  const forget = useAction((name: string) => craftActions.forgetFilter(place, name), {
    renews: ["saved-filters"],
  });
  return {
    filter,
    setFilter: setChosen,
    saved,
    /** Whether the list may be asked for: the default is known, or can't be. */
    settled: chosen !== undefined || !filters.isPending,
    save: (name: string, isDefault = false) => {
      setChosen(filter);
      save.mutate({ name, filter, isDefault });
    },
    /** Opens the list with it from now on, or no more. */
    setDefault: (one: SavedFilter, isDefault: boolean) => {
      setChosen(filter);
      save.mutate({ name: one.name, filter: of(one), isDefault });
    },
    forget: (name: string) => {
      setChosen(filter);
      forget.mutate(name);
    },
  };
}
