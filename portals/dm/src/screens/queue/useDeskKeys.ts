"use client";
import { useEffectEvent, useLayoutEffect } from "react";

/** What takes Escape for itself while it is open. */
const OPEN = '[role="dialog"],[role="alertdialog"],[role="listbox"],[role="menu"]';

/**
 * Escape and Ctrl+Enter of the editing desk, wherever the focus is. Before the editor, which takes every Escape for itself
 * and does nothing with it, except in a field that is open over the text.
 */
export function useDeskKeys(keys: { approve: () => void; close: () => void }): void {
  const approve = useEffectEvent(() => keys.approve());
  const close = useEffectEvent(() => keys.close());
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (document.querySelector(OPEN)) return;
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        event.stopPropagation();
        // The editor hands its last words on when it is left.
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        setTimeout(approve);
      }
      const inField = event.target instanceof HTMLElement && event.target.closest("[data-owns-escape]");
      if (event.key === "Escape" && !inField) close();
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);
}
