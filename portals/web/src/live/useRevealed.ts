"use client";
import { useEffect, useState } from "react";

/** Between two steps of the reveal, in milliseconds. */
const STEP_MS = 40;
/** Steps in which what has arrived is shown: text is never more than about half a second behind. */
const STEPS = 12;
/** Characters; more than this at once is the stored beginning, which nobody wants to watch being typed. */
const MOST = 1500;

/**
 * Text that arrives in pieces, shown word by word. What was there at the first look is shown at once, and so is everything
 * when the person asked for less motion or the writing is over.
 */
export function useRevealed(text: string, live: boolean): string {
  const [shown, setShown] = useState(text.length);
  const whole = !live || shown >= text.length || text.length - shown > MOST;
  useEffect(() => {
    if (whole || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      setShown(text.length);
      return;
    }
    const timer = setInterval(() => setShown((now) => nextWord(text, now)), STEP_MS);
    return () => clearInterval(timer);
  }, [text, whole]);
  return whole ? text : text.slice(0, shown);
}

/** Where the next step of the reveal ends: at the end of a word, further the more is waiting. */
export function nextWord(text: string, from: number): number {
  const least = from + Math.max(1, Math.ceil((text.length - from) / STEPS));
  const space = text.slice(least).search(/\s/);
  return space < 0 ? text.length : least + space;
}
