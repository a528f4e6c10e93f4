"use client";
import { useLayoutEffect, useRef } from "react";

/** Inputs that take no text: a key pressed there is meant for the view. */
const TEXTLESS = new Set([
  "button",
  "checkbox",
  "color",
  "file",
  "image",
  "radio",
  "range",
  "reset",
  "submit",
]);

/** Whether keys go into a text there. */
export function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !TEXTLESS.has(target.type);
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Keys that may be held down; a decision is made once, however long its key is. */
const HELD = new Set(["j", "k"]);

/** Single keys of a view (`{ j: next, k: previous }`). Silent while typing, in dialogs, and with modifiers. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  // With the commit, not after it: what is on the screen is what a key does, however busy the machine is.
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || typing(event.target))
        return;
      if (event.repeat && !HELD.has(event.key)) return;
      if (document.querySelector('[role="dialog"],[role="alertdialog"]')) return;
      const action = latest.current[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
