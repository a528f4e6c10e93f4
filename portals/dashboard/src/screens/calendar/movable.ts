import type { ActivityStatus } from "@leadmetrics/web";

/** States in which another date can still be chosen. */
const MOVABLE: readonly ActivityStatus[] = [
  "planned",
  "queued",
  "working",
  "failed",
  "dm_review",
  "client_review",
  "changes_requested",
  "approved",
  "scheduled",
  "on_hold",
  "publish_failed",
];

export const isMovable = (status: ActivityStatus): boolean => MOVABLE.includes(status);
