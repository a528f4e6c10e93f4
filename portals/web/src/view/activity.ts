import type { OwedBy } from "@leadmetrics/ui";
import type { Activity } from "../api/shapes.ts";

const done = new Set(["published", "cancelled"]);

/** Published, cancelled, or approved without a channel to go to: nothing more is to come. */
const isOver = ({ status, owedBy }: Activity) =>
  done.has(status) || (status === "approved" && owedBy === "nobody");

/** Who owes the next move, in the form the chip reads. */
export function owedOf(activity: Activity): OwedBy {
  return {
    party: isOver(activity) ? "none" : (activity.owedBy ?? "none"),
    since: activity.owedSince ?? undefined,
    due: activity.promisedOn ?? undefined,
    state: activity.status,
  };
}
