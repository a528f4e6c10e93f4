"use client";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { cx } from "../lib/cx.ts";

/** A thin line that fills; without a value it moves, which says "working, length unknown". */
export function Progress({
  label,
  value,
  tone = "accent",
  className,
}: {
  label: string;
  /** 0 to 1. */
  value?: number;
  tone?: "accent" | "agent";
  className?: string;
}) {
  const fill = tone === "agent" ? "bg-agent" : "bg-accent";
  return (
    <ProgressBar
      aria-label={label}
      value={value === undefined ? undefined : Math.round(value * 100)}
      isIndeterminate={value === undefined}
      className={cx("block h-0.5 overflow-hidden rounded-full bg-line", className)}
    >
      {value === undefined ? (
        <span className={cx("animate-sweep block h-full w-1/3 rounded-full", fill)} />
      ) : (
        <span
          className={cx("block h-full origin-left rounded-full transition-transform", fill)}
          style={{ transform: `scaleX(${Math.min(1, Math.max(0, value))})` }}
        />
      )}
    </ProgressBar>
  );
}
