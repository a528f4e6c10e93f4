import type { Activity, Target } from "@leadmetrics/web";
import { isMovable } from "../calendar/movable.ts";

const PUBLISHING: readonly Activity["status"][] = [
  "approved",
  "scheduled",
  "publishing",
  "unconfirmed",
  "publish_failed",
];
export const isPublishing = (status: Activity["status"]): boolean => PUBLISHING.includes(status);
const untouched = (target: Target): boolean =>
  target.decision !== "declined" &&
  (!target.publicationStatus || ["prepared", "failed"].includes(target.publicationStatus));

/** Whether a channel can still be given another moment. */
export const canMove = (target: Target, activity: Activity): boolean =>
  untouched(target) && (isMovable(activity.status) || isPublishing(activity.status));

/** Whether approved content can still be kept from one channel; the last one is left out by cancelling the item. */
export const canLeaveOut = (target: Target, activity: Activity): boolean =>
  untouched(target) &&
  Boolean(target.publicationStatus) &&
  isPublishing(activity.status) &&
  activity.targets.some((one) => one.channelRef !== target.channelRef && one.decision !== "declined");
