"use client";
import { lazy, Suspense, useEffect, useState } from "react";
import type { PaletteProps } from "./palette-types.ts";

// The palette's code comes when it is first opened: most page views never need it.
const Palette = lazy(() => import("./Palette.tsx"));

/** Opens on ⌘K or Ctrl-K and on `openPalette()`. */
export function CommandPalette(props: Omit<PaletteProps, "isOpen" | "onClose">) {
  const [isOpen, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const open = () => {
      setWanted(true);
      setOpen(true);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      open();
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener(OPEN, open);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener(OPEN, open);
    };
  }, []);
  if (!wanted) return null;
  return (
    <Suspense>
      <Palette {...props} isOpen={isOpen} onClose={() => setOpen(false)} />
    </Suspense>
  );
}

const OPEN = "lm:palette";

/** Opens the palette from a button. */
export function openPalette(): void {
  window.dispatchEvent(new Event(OPEN));
}
