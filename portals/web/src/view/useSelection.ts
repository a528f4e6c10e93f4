"use client";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type At, chosen, nowhere, placeOf, settled, stepped } from "./selection.ts";
import type { Link } from "./useLink.ts";

/** Milliseconds at an item before the address names it: browsers take only so many changed addresses in a time. */
const NAME_MS = 200;

/**
 * The item of a list somebody is at. It is held here and only named in the address, without asking the server: a changed
 * address reaches the screen some moments later, and keys are pressed in them.
 *
 * @param link where the item is named; what it asks for is waited for until it is among the items
 * @param hasMore rows are still to be fetched: steps beyond the last one wait for them
 */
export function useSelection<Item extends { ref: string }>(
  link: Link,
  items: readonly Item[],
  hasMore: boolean,
) {
  const [at, setAt] = useState<At>({ ...nowhere, wanted: link.ref });
  /** On phones: whether an item is open, not the list. */
  const [opened, setOpened] = useState(link.ref !== undefined);

  // A link led here while the screen was open.
  const round = useRef(link.round);
  useEffect(() => {
    if (link.round === round.current) return;
    round.current = link.round;
    setOpened(link.ref !== undefined);
    if (link.ref) setAt((now) => ({ ...now, wanted: link.ref, ahead: 0 }));
  }, [link.round, link.ref]);

  const now = settled(items, at, hasMore);
  const index = placeOf(items, now);
  const selected = items[index];
  useLayoutEffect(() => {
    setAt((before) => settled(items, before, hasMore));
  }, [items, hasMore]);
  // What one has gone to by keys is named too, once it is shown.
  const shown = selected?.ref;
  const { name, isNamed, forget } = link;
  useEffect(() => {
    if (!opened || !shown || now.wanted || isNamed(shown)) return;
    const timer = setTimeout(name, NAME_MS, shown);
    return () => clearTimeout(timer);
  }, [opened, shown, now.wanted, name, isNamed]);

  const open = (to: number) => {
    setAt(chosen(items, to));
    setOpened(true);
    window.scrollTo({ top: 0 });
  };
  return {
    selected,
    index,
    /** What the link asks for and the items don't have. */
    wanted: selected ? undefined : now.wanted,
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
    restart: useCallback(() => {
      forget();
      setAt(nowhere);
    }, [forget]),
    close: () => {
      setOpened(false);
      name(undefined);
    },
  };
}
