import type { OwedBy } from "@leadmetrics/ui";
import type { Activity, Target } from "../api/shapes.ts";

/** When an item goes to a channel: at the channel's own moment, else at the item's. */
export const momentOf = (
  target: Pick<Target, "publishOn">,
  activity: Pick<Activity, "publishOn">,
): string | undefined => target.publishOn ?? activity.publishOn ?? undefined;

/** How it stands at one channel, in the words an item's state has. */
export function targetState(target: Target, activity: Activity, now: number): string {
  if (target.decision === "declined") return "declined";
  switch (target.publicationStatus) {
    case "confirmed":
      return "published";
    case "unconfirmed":
      return "unconfirmed";
    case "failed":
      return "publish_failed";
    case "sending":
    case "accepted":
      return "publishing";
    case "prepared": {
      if (["on_hold", "cancelled"].includes(activity.status)) return activity.status;
      const moment = momentOf(target, activity);
      return moment && Date.parse(moment) > now ? "scheduled" : "approved";
    }
    default:
      return activity.status;
  }
}

/** Who owes the next move at one channel, in the form the chip reads. */
export function targetOwes(target: Target, activity: Activity, state: string): OwedBy {
  const party = target.owedBy && target.owedBy !== "nobody" ? target.owedBy : "none";
  // Since when is known of the item only; until there are publications that is the same.
  return { party, state, since: target.publicationStatus ? undefined : (activity.owedSince ?? undefined) };
}

/** "Blog, Shop". */
export const channelNames = (targets: readonly Pick<Target, "channelName">[]): string =>
  targets.map((one) => one.channelName).join(", ");
