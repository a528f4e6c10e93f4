"use client";
import { cx } from "@leadmetrics/ui";
import { useEffect, useState } from "react";
import { clockOf } from "./sla.ts";

const TICK_MS = 30_000;

/** How long until the promise, counting down; amber when it is near, filled when it is broken. */
export function SlaClock({ promisedOn }: { promisedOn: string | null | undefined }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const clock = clockOf(promisedOn, now);
  if (!clock) return null;
  return (
    <span
      suppressHydrationWarning
      className={cx(
        "tabular inline-flex h-5 shrink-0 items-center rounded-full border px-2 text-xs whitespace-nowrap",
        clock.tone === "plain" && "border-line text-muted",
        clock.tone === "soon" && "border-warn/60 text-warn-text",
        clock.tone === "late" && "border-bad/50 font-semibold text-bad",
      )}
    >
      {clock.text}
    </span>
  );
}
