"use client";
import { Switch, TextArea } from "@leadmetrics/ui";
import { useFormat } from "@leadmetrics/web";
import type { ChannelChoices } from "./useChannelChoices.ts";

/** Over the preview of one channel: when it goes there, and whether it does. */
export function ChannelChoice({
  channel,
  choices,
  publishOn,
  mayDecide,
}: {
  channel: { channelRef: string; name: string };
  choices: ChannelChoices;
  /** When it goes to this channel; as soon as it is approved without one. */
  publishOn: string | undefined;
  mayDecide: boolean;
}) {
  const format = useFormat();
  const { approved, note } = choices.of(channel.channelRef);
  const missing = choices.asked && choices.missing?.channelRef === channel.channelRef;
  return (
    <div className="mb-4 flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="min-w-0 truncate text-sm text-muted">
          {approved
            ? publishOn
              ? `Goes out here on ${format.dateTime(publishOn)}`
              : "Goes out here once approved"
            : "Doesn't go out here"}
        </p>
        {mayDecide ? (
          <Switch
            isSelected={approved}
            onChange={(selected) => choices.set(channel.channelRef, { approved: selected })}
          >
            {approved ? "Publish here" : "Not here"}
          </Switch>
        ) : null}
      </div>
      {approved ? null : (
        <TextArea
          label={`Why not on ${channel.name}?`}
          help="The team gets your note. The other channels aren't kept waiting."
          error={missing ? "Say why not here." : undefined}
          value={note}
          onChange={(text) => choices.set(channel.channelRef, { note: text })}
          rows={2}
          maxLength={4000}
          // Asked for by a decision that can't be sent without it.
          key={missing ? "missing" : "note"}
          autoFocus={missing}
        />
      )}
    </div>
  );
}
