import type { Activity, ActivityStatus } from "@leadmetrics/web";

export type BulkAction = "approve" | "hold" | "resume" | "retry" | "cancel";

const BEFORE_PUBLISHING: readonly ActivityStatus[] = [
  "planned",
  "queued",
  "working",
  "failed",
  "dm_review",
  "client_review",
  "changes_requested",
  "approved",
  "scheduled",
];

/** Whether something can be done to an item in its state. */
export function allows(action: BulkAction, status: ActivityStatus): boolean {
  switch (action) {
    case "approve":
      return status === "client_review";
    case "resume":
      return status === "on_hold";
    case "retry":
      return status === "failed" || status === "publish_failed";
    case "hold":
      return BEFORE_PUBLISHING.includes(status);
    case "cancel":
      return BEFORE_PUBLISHING.includes(status) || status === "on_hold";
  }
}

/**
 * What can be done to at least one of the picked, and to how many.
 *
 * @param together whether the company may approve several at once
 */
export function offers(
  picked: readonly Activity[],
  together: boolean,
): readonly { action: BulkAction; items: Activity[] }[] {
  return (["approve", "resume", "retry", "hold", "cancel"] as const)
    .filter((action) => together || action !== "approve")
    .map((action) => ({ action, items: picked.filter((one) => allows(action, one.status)) }))
    .filter(({ items }) => items.length > 0);
}
