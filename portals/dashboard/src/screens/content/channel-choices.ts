import type { ChannelDecision } from "@leadmetrics/web";

/** A channel as far as a decision goes. */
export interface Choosable {
  readonly channelRef: string;
  readonly name: string;
}

export interface ChannelChoice {
  readonly approved: boolean;
  /** Why not; of a channel that isn't approved. */
  readonly note: string;
}

/** What was chosen so far, by the channel's reference; what nobody touched is approved. */
export type Choices = Readonly<Record<string, ChannelChoice>>;

/** Fewest letters of a note that says why. */
const SHORTEST_NOTE = 3;

export const choiceOf = (choices: Choices, channelRef: string): ChannelChoice =>
  choices[channelRef] ?? { approved: true, note: "" };

/** Whether the item goes to all of its channels, to some, or to none, which is a rejection. */
export function verdictOf(channels: readonly Choosable[], choices: Choices): "all" | "some" | "none" {
  const yes = channels.filter((one) => choiceOf(choices, one.channelRef).approved).length;
  if (yes === channels.length) return "all";
  return yes > 0 ? "some" : "none";
}

/** The first declined channel of which nobody has said why. */
export const withoutNote = <C extends Choosable>(channels: readonly C[], choices: Choices): C | undefined =>
  channels.find((one) => {
    const { approved, note } = choiceOf(choices, one.channelRef);
    return !approved && note.trim().length < SHORTEST_NOTE;
  });

/** What is sent: nothing when it goes everywhere. */
export function decisionsOf(channels: readonly Choosable[], choices: Choices): ChannelDecision[] | undefined {
  if (verdictOf(channels, choices) === "all") return undefined;
  return channels.map(({ channelRef }) => {
    const { approved, note } = choiceOf(choices, channelRef);
    return { channelRef, approved, note: approved ? "" : note.trim() };
  });
}

/** "Goes to Blog and Shop", "Goes to Blog, not to Shop". */
export function whereText(channels: readonly Choosable[], choices: Choices): string {
  if (channels.length === 0) return "";
  const names = (approved: boolean) =>
    channels.filter((one) => choiceOf(choices, one.channelRef).approved === approved).map((one) => one.name);
  const [yes, no] = [list(names(true), "and"), list(names(false), "or")];
  if (!yes) return "Goes nowhere";
  return no ? `Goes to ${yes}, not to ${no}` : `Goes to ${yes}`;
}

/** "Blog", "Blog and Shop", "Blog, Shop and News". */
function list(names: readonly string[], word: "and" | "or"): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}
