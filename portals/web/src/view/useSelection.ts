"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type At, chosen, nowhere, placeOf, settled, stepped } from "./selection.ts";

const asked = (): string | undefined => new URLSearchParams(location.search).get("activity") ?? undefined;

/** Milliseconds at an item before the address names it: browsers take only so many changed addresses in a time. */
const NAME_MS = 200;

/**
 * The item of a list somebody is at. It is held here and only named in the address, without asking the server: a changed
 * address reaches the screen some moments later, and keys are pressed in them.
 *
 * @param path of the list's page; the item is its `activity`
 * @param hasMore rows are still to be fetched: steps beyond the last one wait for them
 */
export function useSelection<Item extends { ref: string }>(
  path: string,
  items: readonly Item[],
  hasMore: boolean,
) {
  const address = useSearchParams().get("activity") ?? undefined;
  const [at, setAt] = useState<At>({ ...nowhere, wanted: address });
  /** On phones: whether an item is open, not the list. */
  const [opened, setOpened] = useState(address !== undefined);

  /** What this screen has the address say: when that comes back to it, it is no news. */
  const written = useRef(address);
  const name = useCallback(
    (ref: string | undefined) => {
      written.current = ref;
      history.replaceState(null, "", ref ? `${path}?activity=${ref}` : path);
    },
    [path],
  );

  // A link led here while the screen was open.
  useEffect(() => {
    if (address === written.current || address !== asked()) return;
    written.current = address;
    setOpened(address !== undefined);
    if (address) setAt((now) => ({ ...now, wanted: address, ahead: 0 }));
  }, [address]);

  const now = settled(items, at, hasMore);
  const index = placeOf(items, now);
  const selected = items[index];
  useLayoutEffect(() => {
    setAt((before) => settled(items, before, hasMore));
  }, [items, hasMore]);
  // What one has gone to by keys is named too, once it is shown.
  const shown = selected?.ref;
  useEffect(() => {
    if (!opened || !shown || now.wanted || written.current === shown) return;
    const timer = setTimeout(name, NAME_MS, shown);
    return () => clearTimeout(timer);
  }, [opened, shown, now.wanted, name]);

  const open = (to: number) => {
    setAt(chosen(items, to));
    setOpened(true);
    window.scrollTo({ top: 0 });
  };
  return {
    selected,
    index,
    opened,
    open,
    step: (by: 1 | -1) => {
      setAt((before) => stepped(items, before, by, hasMore));
      setOpened(true);
      window.scrollTo({ top: 0 });
    },
    /** On to what comes after the decided item, or before it when it was the last. */
    pass: () => open(index + 1 < items.length ? index + 1 : index - 1),
    /** To the beginning of another list. */
    restart: useCallback(() => setAt(nowhere), []),
    close: () => {
      setOpened(false);
      name(undefined);
    },
  };
}
