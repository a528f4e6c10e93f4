import type { ChannelStatusName, StatusName } from "../db.ts";
import { APPROVED_BEFORE_MS, CROWDED_MS, FURTHEST_MS, LATE_MS } from "./tunables.ts";

/** States in which the moment of going out can still be chosen. */
export const MOVABLE: readonly StatusName[] = [
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
const UNAPPROVED: readonly StatusName[] = [
  "planned",
  "queued",
  "working",
  "failed",
  "dm_review",
  "client_review",
  "changes_requested",
];

export const mayMove = (status: StatusName): boolean => MOVABLE.includes(status);

/** Approved content with a channel and a moment to come waits as scheduled. */
export function waitsForItsHour(
  activity: { channel_id: string | null; publish_on: Date | null },
  now: Date,
): boolean {
  return activity.channel_id !== null && activity.publish_on !== null && activity.publish_on > now;
}

/** What is wrong with a moment; undefined when nothing is. */
export function momentProblem(moment: Date, now: Date): string | undefined {
  const ahead = moment.getTime() - now.getTime();
  if (Number.isNaN(ahead)) return "is not a moment";
  if (ahead < -LATE_MS) return "has passed; choose one to come";
  if (ahead > FURTHEST_MS) return "is more than a year away";
  return undefined;
}

export interface Slotted {
  readonly id: string;
  readonly title: string;
  readonly status: StatusName;
  readonly channelId: string | null;
  readonly channelStatus: ChannelStatusName | undefined;
  readonly slot: Date;
}

export type Conflict =
  | { readonly kind: "crowded"; readonly with: Slotted }
  | { readonly kind: "not_approved" | "channel_down" | "on_hold" };

/** What stands in the way of each item, by its id; items without conflicts are left out. What is out has none. */
export function conflictsOf(items: readonly Slotted[], now: Date): ReadonlyMap<string, readonly Conflict[]> {
  const found = new Map<string, readonly Conflict[]>();
  const byChannel = Map.groupBy(
    items.filter((item) => item.channelId !== null && item.status !== "cancelled"),
    (item) => item.channelId,
  );
  for (const item of items) {
    if (!mayMove(item.status)) continue;
    const conflicts: Conflict[] = [];
    const near = (byChannel.get(item.channelId) ?? []).find(
      (other) => other.id !== item.id && Math.abs(other.slot.getTime() - item.slot.getTime()) < CROWDED_MS,
    );
    if (item.channelId !== null && near) conflicts.push({ kind: "crowded", with: near });
    if (UNAPPROVED.includes(item.status) && item.slot.getTime() - now.getTime() < APPROVED_BEFORE_MS)
      conflicts.push({ kind: "not_approved" });
    if (item.status === "on_hold" && item.slot.getTime() - now.getTime() < APPROVED_BEFORE_MS)
      conflicts.push({ kind: "on_hold" });
    if (item.channelStatus !== undefined && item.channelStatus !== "connected")
      conflicts.push({ kind: "channel_down" });
    if (conflicts.length > 0) found.set(item.id, conflicts);
  }
  return found;
}
