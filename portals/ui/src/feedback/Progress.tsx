"use client";
import { cx } from "../lib/cx.ts";

const FILLS = { accent: "bg-accent", agent: "bg-agent", warn: "bg-warn", bad: "bg-bad" } as const;

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
  tone?: "accent" | "agent" | "warn" | "bad";
  className?: string;
}) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  const fill = FILLS[tone];
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={percent === undefined ? undefined : `${percent}%`}
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
    </div>
  );
}
