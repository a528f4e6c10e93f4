"use client";
import { startTransition, useEffect, useState } from "react";

/** Parts of a long text that are drawn at once; each further time as many again as are there. */
const AT_ONCE = 6;

/** How many of so many parts are to be drawn now: a few at once, the rest while nobody waits for anything else. */
export function useGrowing(parts: number): number {
  const [drawn, setDrawn] = useState(AT_ONCE);
  useEffect(() => {
    if (drawn < parts) startTransition(() => setDrawn(drawn * 2));
  }, [drawn, parts]);
  return drawn;
}
