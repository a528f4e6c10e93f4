import { ChannelChangedSchema, ChannelConnectedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { type Channel, ChannelKindSchema, ChannelStatusSchema } from "@leadmetrics/proto/content/v1/channels";
import { type Change, collection, feed, word } from "./define.ts";

/** Connected platforms by name, address and kind. */
export const channels = collection("channels", {
  boost: 0.95,
  feeds: [
    feed(ChannelConnectedSchema, ({ channel }) => changeOf(channel)),
    feed(ChannelChangedSchema, ({ channel }) => changeOf(channel)),
  ],
});

function changeOf(channel: Channel | undefined): Change | undefined {
  return (
    channel && {
      kind: "put",
      ref: channel.ref,
      version: channel.stamp?.version ?? 0,
      title: channel.name,
      keywords: [word(ChannelKindSchema, channel.kind), channel.url, channel.username],
      status: word(ChannelStatusSchema, channel.status),
    }
  );
}
