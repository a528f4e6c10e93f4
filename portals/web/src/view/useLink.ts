"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";

const named = (): string | undefined => new URLSearchParams(location.search).get("activity") ?? undefined;

/** The item a link led to, and the way to name another in the address. */
export interface Link {
  /** Undefined when no link named one, or it is forgotten. */
  readonly ref: string | undefined;
  /** Counts up with every link that leads here. */
  readonly round: number;
  /** What the address names now, as far as this screen wrote it. */
  readonly isNamed: (ref: string | undefined) => boolean;
  /** Names an item in the address, without asking the server. */
  readonly name: (ref: string | undefined) => void;
  readonly forget: () => void;
}

/** @param path of a list's page; the item is its `activity` */
export function useLink(path: string): Link {
  const address = useSearchParams().get("activity") ?? undefined;
  const [link, setLink] = useState({ ref: address, round: 0 });
  /** What this screen has the address say: when that comes back to it, it is no news. */
  const written = useRef(address);
  useEffect(() => {
    if (address === written.current || address !== named()) return;
    written.current = address;
    setLink(({ round }) => ({ ref: address, round: round + 1 }));
  }, [address]);
  return {
    ...link,
    isNamed: useCallback((ref) => written.current === ref, []),
    name: useCallback(
      (ref) => {
        written.current = ref;
        history.replaceState(null, "", ref ? `${path}?activity=${ref}` : path);
      },
      [path],
    ),
    forget: useCallback(() => setLink(({ round }) => ({ ref: undefined, round })), []),
  };
}
