import { cx } from "../lib/cx.ts";

/** The shape of what is coming. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("animate-breathe block rounded-control bg-hover", className)} />;
}

const widths = ["w-3/5", "w-4/5", "w-2/5", "w-3/4", "w-1/2"];

/** A list that is being fetched: rows of the height they will have. */
export function SkeletonRows({ rows = 5, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line border-y border-line">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className="flex h-9 items-center gap-3 max-md:h-11">
          <Skeleton className="size-2 rounded-full" />
          <Skeleton className={cx("h-3", widths[row % widths.length])} />
        </div>
      ))}
    </div>
  );
}

/** A draft that is being fetched. */
export function SkeletonText({ lines = 8 }: { lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex max-w-[68ch] flex-col gap-3">
      <Skeleton className="h-8 w-4/5" />
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <Skeleton key={line} className={cx("h-3.5", line % 4 === 3 ? "w-3/5" : "w-full")} />
      ))}
    </div>
  );
}
