import type { OwedByName, PublicationStatusName, StatusName, TargetDecisionName } from "../db.ts";

/** How it stands with one channel: there, not known, on its way, failed, to be sent now, or to be sent at its moment. */
export type Part = "out" | "unsure" | "going" | "failed" | "due" | "waiting";

export function partOf(
  publication: {
    readonly status: PublicationStatusName;
    readonly attempts: number;
    readonly moment: Date | null;
  },
  now: Date,
): Part {
  switch (publication.status) {
    case "confirmed":
      return "out";
    case "unconfirmed":
      return "unsure";
    case "failed":
      return "failed";
    case "sending":
    case "accepted":
      return "going";
    case "prepared":
      // A channel that was asked before and wants to be asked again later.
      if (publication.attempts > 0) return "going";
      return publication.moment && publication.moment > now ? "waiting" : "due";
  }
}

/** States in which the publications say how the activity stands. */
export type PublishingState = Extract<
  StatusName,
  "approved" | "scheduled" | "publishing" | "unconfirmed" | "publish_failed" | "published"
>;

const PUBLISHING: readonly StatusName[] = [
  "approved",
  "scheduled",
  "publishing",
  "unconfirmed",
  "publish_failed",
];

/** Whether an activity's state follows its publications now: approved, and neither over nor on hold. */
export const isPublishing = (status: StatusName): boolean => PUBLISHING.includes(status);

/**
 * The state of an activity out of how it stands with each channel it goes to. What is in the air comes first: nothing of it
 * can be held or cancelled then; published is only what is out everywhere.
 */
export function stateOf(parts: readonly Part[]): PublishingState {
  const has = (part: Part) => parts.includes(part);
  if (has("unsure")) return "unconfirmed";
  if (has("going")) return "publishing";
  // Between two channels it is under way, not back at its beginning.
  if (has("due")) return has("out") || has("failed") ? "publishing" : "approved";
  if (has("failed")) return "publish_failed";
  if (has("waiting")) return "scheduled";
  return parts.length > 0 ? "published" : "approved";
}

/** Whether the post may be at a channel, or come there any moment, without our knowing. */
export const inTheAir = (part: Part): boolean => part === "unsure" || part === "going";

/** Who owes the next move at one channel. */
export function owedAt(
  target: { readonly decision: TargetDecisionName; readonly publication: PublicationStatusName | undefined },
  activity: { readonly status: StatusName; readonly owed_by: OwedByName },
): OwedByName {
  if (target.decision === "declined") return "nobody";
  switch (target.publication) {
    case undefined:
      return activity.owed_by;
    case "confirmed":
      return "nobody";
    case "unconfirmed":
    case "failed":
      return activity.status === "cancelled" ? "nobody" : "reviewer";
    case "prepared":
      return isPublishing(activity.status) ? "channel" : activity.owed_by;
    case "sending":
    case "accepted":
      return "channel";
  }
}

/** What is wrong, by channel; the channel needs no name when there is only one. */
export function problemText(
  channels: readonly { readonly name: string; readonly part: Part; readonly problem: string }[],
): string {
  const wrong = channels.filter(
    ({ part, problem }) => (part === "failed" || part === "unsure") && problem !== "",
  );
  return wrong.map(({ name, problem }) => (channels.length > 1 ? `${name}: ${problem}` : problem)).join(" ");
}

/** What somebody says about one channel; without an id it is none of the activity's. */
export interface Named {
  readonly channelId: string | undefined;
  readonly approved: boolean;
  readonly note: string;
}

export interface ChannelDecision {
  readonly channelId: string;
  readonly approved: boolean;
  readonly note: string;
}

export type Decided =
  | { readonly kind: "approved"; readonly channels: readonly ChannelDecision[] }
  | { readonly kind: "rejected"; readonly note: string }
  | { readonly kind: "wrong"; readonly field: string; readonly description: string };

/** Fewest letters of a note that says why. */
export const SHORTEST_NOTE = 3;

/**
 * What a client's yes means for each channel. Naming none approves all; naming some has to name all, so that nothing goes
 * where nobody meant it to, and nothing is left out that nobody spoke of. With every channel declined it is a rejection.
 */
export function decided(
  targets: readonly { readonly channel_id: string; readonly name: string }[],
  named: readonly Named[],
): Decided {
  if (named.length === 0)
    return {
      kind: "approved",
      channels: targets.map((target) => ({ channelId: target.channel_id, approved: true, note: "" })),
    };
  const channels: ChannelDecision[] = [];
  for (const [index, one] of named.entries()) {
    const { channelId } = one;
    const field = `channels[${index}].channel_ref`;
    if (channelId === undefined || !targets.some((target) => target.channel_id === channelId))
      return { kind: "wrong", field, description: "is no channel of this content" };
    if (channels.some((before) => before.channelId === channelId))
      return { kind: "wrong", field, description: "is named twice" };
    const note = one.approved ? "" : one.note.trim();
    if (!one.approved && note.length < SHORTEST_NOTE)
      return { kind: "wrong", field: `channels[${index}].note`, description: "is needed: say why not here" };
    channels.push({ channelId, approved: one.approved, note });
  }
  const left = targets.find((target) => !channels.some((one) => one.channelId === target.channel_id));
  if (left)
    return {
      kind: "wrong",
      field: "channels",
      description: `says nothing of "${left.name}"; name every channel, or none for all`,
    };
  if (channels.some((one) => one.approved)) return { kind: "approved", channels };
  const nameOf = (id: string) => targets.find((target) => target.channel_id === id)?.name ?? "";
  return {
    kind: "rejected",
    note: channels.map((one) => `${nameOf(one.channelId)}: ${one.note}`).join("\n"),
  };
}

/** Milliseconds within which moments of several channels are one moment to people. */
const ONE_MOMENT_MS = 3_600_000;

export interface Slot {
  readonly at: Date;
  readonly channelIds: readonly string[];
}

/** The moments of an activity, earliest first, channels that go out together in one. */
export function slotsOf(moments: readonly { readonly channelId: string; readonly at: Date }[]): Slot[] {
  const slots: { at: Date; channelIds: string[] }[] = [];
  for (const { channelId, at } of moments.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const last = slots.at(-1);
    if (last && at.getTime() - last.at.getTime() < ONE_MOMENT_MS) last.channelIds.push(channelId);
    else slots.push({ at, channelIds: [channelId] });
  }
  return slots;
}
