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

/** What is wrong with a moment; undefined when nothing is. */
export function momentProblem(moment: Date, now: Date): string | undefined {
  const ahead = moment.getTime() - now.getTime();
  if (Number.isNaN(ahead)) return "is not a moment";
  if (ahead < -LATE_MS) return "has passed; choose one to come";
  if (ahead > FURTHEST_MS) return "is more than a year away";
  return undefined;
}

/** One moment of an item, and where it goes then. */
export interface Slotted {
  readonly id: string;
  readonly title: string;
  readonly status: StatusName;
  readonly channels: readonly { readonly id: string; readonly status: ChannelStatusName }[];
  readonly slot: Date;
  /** It went out at this moment. */
  readonly out: boolean;
}

export type Conflict =
  | { readonly kind: "crowded"; readonly with: Slotted }
  | { readonly kind: "not_approved" | "channel_down" | "on_hold" };

/** What stands in the way of each moment; moments without conflicts are left out. What is out has none. */
export function conflictsOf<S extends Slotted>(
  items: readonly S[],
  now: Date,
): ReadonlyMap<S, readonly Conflict[]> {
  const found = new Map<S, readonly Conflict[]>();
  const byChannel = Map.groupBy(
    items
      .filter((item) => item.status !== "cancelled")
      .flatMap((item) => item.channels.map((channel) => ({ channelId: channel.id, item }))),
    ({ channelId }) => channelId,
  );
  for (const item of items) {
    if (!mayMove(item.status) || item.out) continue;
    const conflicts: Conflict[] = [];
    const near = item.channels
      .flatMap((channel) => byChannel.get(channel.id) ?? [])
      .find(
        ({ item: other }) =>
          other.id !== item.id && Math.abs(other.slot.getTime() - item.slot.getTime()) < CROWDED_MS,
      );
    if (near) conflicts.push({ kind: "crowded", with: near.item });
    if (UNAPPROVED.includes(item.status) && item.slot.getTime() - now.getTime() < APPROVED_BEFORE_MS)
      conflicts.push({ kind: "not_approved" });
    if (item.status === "on_hold" && item.slot.getTime() - now.getTime() < APPROVED_BEFORE_MS)
      conflicts.push({ kind: "on_hold" });
    if (item.channels.some((channel) => channel.status !== "connected"))
      conflicts.push({ kind: "channel_down" });
    if (conflicts.length > 0) found.set(item, conflicts);
  }
  return found;
}
