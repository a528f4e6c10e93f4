import type { ReviewStats } from "@leadmetrics/web";

export interface Summary {
  decided: number;
  /** Drafts a working day, of days with a decision. */
  perDay: number;
  /** Of all decided drafts, 0 to 1. */
  rejectedShare: number;
  /** Words changed of edited drafts, 0 to 1; nothing when none was edited. */
  editedShare: number | undefined;
}

/** What a reviewer's days add up to. */
export function summaryOf({ days, wordsChanged, wordsTotal }: ReviewStats): Summary {
  const totals = days.map((day) => day.approved + day.edited + day.rejected);
  const decided = totals.reduce((sum, total) => sum + total, 0);
  const worked = totals.filter((total) => total > 0).length;
  const rejected = days.reduce((sum, day) => sum + day.rejected, 0);
  return {
    decided,
    perDay: worked === 0 ? 0 : decided / worked,
    rejectedShare: decided === 0 ? 0 : rejected / decided,
    editedShare: wordsTotal === 0 ? undefined : Math.min(1, wordsChanged / wordsTotal),
  };
}
