import { type Activity, type CalendarEntry, channelNames, type Target } from "@leadmetrics/web";
import { isMovable } from "./movable.ts";

/** What one chip of the calendar stands for: an item, or those of its channels that go out at another moment. */
export interface Part {
  readonly key: string;
  readonly activity: Activity;
  /** The moment it has now. */
  readonly slot: string | undefined;
  /** The channels that move with it; none for the item as a whole. */
  readonly targets: readonly Target[];
  /** Their names, or those of all. */
  readonly channels: string;
  readonly isMovable: boolean;
}

const open = (activity: Activity): Target[] =>
  activity.targets.filter((target) => target.decision !== "declined");

/** An item that goes out everywhere at once, or has no date. */
export const wholeOf = (activity: Activity, slot?: string): Part => ({
  key: activity.ref,
  activity,
  slot,
  targets: [],
  channels: channelNames(open(activity)),
  isMovable: isMovable(activity.status),
});

/** What an entry stands for: the whole item when it has no other entry. */
export function partOf(entry: CalendarEntry, all: readonly CalendarEntry[]): Part {
  const { activity, slot, channelRefs } = entry;
  const targets = open(activity).filter((target) => channelRefs.includes(target.channelRef));
  const alone =
    targets.length === open(activity).length &&
    all.every((one) => one === entry || one.activity.ref !== activity.ref);
  if (alone) return wholeOf(activity, slot);
  return {
    key: `${activity.ref}:${channelRefs.join("+")}`,
    activity,
    slot,
    targets,
    channels: channelNames(targets),
    isMovable: isMovable(activity.status) && targets.every((target) => !target.confirmedOn),
  };
}
