"use client";
import { type RefObject, useCallback, useLayoutEffect, useState } from "react";
import { type More, moreBeyond } from "./overflow.ts";

/** Share of a row that one press leads on. */
const STEP = 0.7;

/** Where a row has more to its sides than fits, and the way there. `of` is what it is measured anew for. */
export function useOverflow(row: RefObject<HTMLElement | null>, of: unknown) {
  const [more, setMore] = useState<More>("none");
  const measure = useCallback(() => {
    const element = row.current;
    if (element) setMore(moreBeyond(element.scrollLeft, element.clientWidth, element.scrollWidth));
  }, [row]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other content has another width
  useLayoutEffect(() => {
    measure();
    if (!row.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(row.current);
    for (const child of row.current.children) observer.observe(child);
    return () => observer.disconnect();
  }, [row, measure, of]);
  return {
    more,
    measure,
    scroll: (by: 1 | -1) => {
      const element = row.current;
      if (!element) return;
      const isMirrored = getComputedStyle(element).direction === "rtl";
      element.scrollBy({ left: by * (isMirrored ? -1 : 1) * element.clientWidth * STEP, behavior: "smooth" });
    },
  };
}
