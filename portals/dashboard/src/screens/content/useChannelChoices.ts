"use client";
import { useState } from "react";
import {
  type ChannelChoice,
  type Choices,
  type Choosable,
  choiceOf,
  decisionsOf,
  verdictOf,
  whereText,
  withoutNote,
} from "./channel-choices.ts";

/** What a client chooses for each channel of one item; there is a choice only with several. */
export function useChannelChoices<C extends Choosable>(channels: readonly C[]) {
  const [choices, setChoices] = useState<Choices>({});
  const [asked, setAsked] = useState(false);
  return {
    hasChoice: channels.length > 1,
    of: (channelRef: string) => choiceOf(choices, channelRef),
    set: (channelRef: string, change: Partial<ChannelChoice>) =>
      setChoices((now) => ({ ...now, [channelRef]: { ...choiceOf(now, channelRef), ...change } })),
    verdict: verdictOf(channels, choices),
    where: whereText(channels, choices),
    /** What is sent with the yes. */
    decisions: decisionsOf(channels, choices),
    /** The channel that keeps the decision from being sent: why it was declined isn't said. */
    missing: withoutNote(channels, choices),
    /** From here on a missing note is shown as one. */
    ask: () => setAsked(true),
    asked,
  };
}

export type ChannelChoices = ReturnType<typeof useChannelChoices>;
