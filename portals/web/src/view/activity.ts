import type { OwedBy } from "@leadmetrics/ui";
import type { Activity } from "../api/shapes.ts";

const done = new Set(["published", "cancelled"]);

/** Who owes the next move, in the form the chip reads. */
export function owedOf(activity: Activity): OwedBy {
  return {
    party: done.has(activity.status) ? "none" : (activity.owedBy ?? "none"),
    since: activity.owedSince ?? undefined,
    due: activity.promisedOn ?? undefined,
    state: activity.status,
  };
}
