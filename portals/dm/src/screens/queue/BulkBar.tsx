"use client";
import { Button } from "@leadmetrics/ui";

/** Rises when drafts are picked. */
export function BulkBar({
  count,
  unreviewed,
  onApprove,
  onReject,
  onClear,
}: {
  count: number;
  /** How many of them no client looks at after this. */
  unreviewed: number;
  onApprove: () => void;
  onReject: () => void;
  onClear: () => void;
}) {
  if (count === 0) return null;
  return (
    <section
      aria-label="Picked drafts"
      className="animate-rise fixed bottom-20 left-1/2 z-30 flex -translate-x-1/2 items-center gap-2 rounded-panel bg-raised px-4 py-2 text-sm whitespace-nowrap shadow-lift max-md:bottom-[calc(128px+env(safe-area-inset-bottom))]"
    >
      <span className="tabular mr-2">
        {count} picked
        {unreviewed > 0 ? (
          <span className="block text-xs text-warn-text">{unreviewed} without client review</span>
        ) : null}
      </span>
      <Button kind="primary" hint="A" onPress={onApprove}>
        Approve {count}
      </Button>
      <Button hint="R" onPress={onReject}>
        Reject {count}
      </Button>
      <Button kind="quiet" onPress={onClear}>
        Clear
      </Button>
    </section>
  );
}
