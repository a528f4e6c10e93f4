import type { Activity, ActivityStatus } from "@leadmetrics/web";

/** Columns of the board: the states that mean the same to somebody who looks after all of them. */
export const columns: readonly { id: string; label: string; statuses: readonly ActivityStatus[] }[] = [
  { id: "agents", label: "Agents", statuses: ["planned", "queued", "working", "changes_requested"] },
  { id: "review", label: "Our review", statuses: ["dm_review"] },
  { id: "client", label: "Client", statuses: ["client_review"] },
  { id: "out", label: "Going out", statuses: ["approved", "scheduled", "publishing"] },
  {
    id: "stuck",
    label: "Stuck",
    statuses: ["failed", "publish_failed", "unconfirmed", "on_hold"],
  },
  { id: "done", label: "Done", statuses: ["published", "cancelled"] },
];

/** Those whose title has this part. */
export function titled(activities: readonly Activity[], part: string): Activity[] {
  const words = part.toLowerCase();
  return activities.filter((one) => one.title.toLowerCase().includes(words));
}

/** Each once, what is stuck and what waits for the team first, then newest first. */
export function mostUrgentFirst(activities: readonly Activity[]): Activity[] {
  return [...new Map(activities.map((one) => [one.ref, one])).values()].sort(
    (a, b) => urgency(a) - urgency(b) || (b.updatedOn ?? "").localeCompare(a.updatedOn ?? ""),
  );
}

function urgency(activity: Activity): number {
  if (activity.owedBy === "nobody" || activity.escalated) return 0;
  if (["failed", "publish_failed", "unconfirmed"].includes(activity.status)) return 1;
  return activity.status === "dm_review" ? 2 : 3;
}

export interface Board {
  id: string;
  label: string;
  items: Activity[];
}

/** The activities by column, what has waited longest first; what is done, newest first. */
export function boardOf(activities: readonly Activity[]): Board[] {
  return columns.map(({ id, label, statuses }) => ({
    id,
    label,
    items: activities
      .filter((one) => statuses.includes(one.status))
      .sort((a, b) => (id === "done" ? since(b) - since(a) : weight(b) - weight(a) || since(a) - since(b))),
  }));
}

const since = (one: Activity): number => Date.parse(one.owedSince ?? one.updatedOn ?? "") || 0;
const weight = (one: Activity): number => (one.escalated || one.owedBy === "nobody" ? 1 : 0);

/** A place on the board; columns without an item are passed over. */
export interface Place {
  column: number;
  row: number;
}

/** Where an arrow leads from a place. */
export function moved(board: readonly Board[], from: Place, by: { column?: 1 | -1; row?: 1 | -1 }): Place {
  if (by.row) {
    const length = board[from.column]?.items.length ?? 0;
    return { ...from, row: Math.min(Math.max(0, from.row + by.row), Math.max(0, length - 1)) };
  }
  const step = by.column ?? 1;
  for (let column = from.column + step; column >= 0 && column < board.length; column += step) {
    const length = board[column]?.items.length ?? 0;
    if (length > 0) return { column, row: Math.min(from.row, length - 1) };
  }
  return from;
}
