"use client";
import type { NavItem } from "@leadmetrics/ui";
import { useLayoutEffect, useRef } from "react";
import { typing } from "./keys.ts";

/** How long after `g` the next key still belongs to it. */
const PAIR_MS = 1200;

/** `g` and then the letter of a page goes there. */
export function useGoKeys(nav: readonly NavItem[], go: (href: string) => void): void {
  const latest = useRef({ nav, go });
  useLayoutEffect(() => {
    latest.current = { nav, go };
  });
  useLayoutEffect(() => {
    // Long ago: the clock of a page begins at nought, and its first second is no pair of anything.
    let since = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
      if (document.querySelector('[role="dialog"],[role="alertdialog"]')) return;
      const paired = event.timeStamp - since < PAIR_MS;
      since = event.key === "g" && !paired ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (!paired) return;
      const item = latest.current.nav.find((one) => one.go === event.key);
      if (!item) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      latest.current.go(item.href);
    };
    // Before the keys of the view, which would take the second letter for theirs.
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);
}
