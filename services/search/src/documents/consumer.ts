import type { DescMessage } from "@bufbuild/protobuf";
import { type ConsumerDefinition, consumer, type Event, ok, on, type Subscription } from "@leadmetrics/kit";
import type { Collection, Feed } from "../collections/define.ts";
import type { SearchDb } from "../db.ts";
import { applyChange } from "./store.ts";

/** Keeps the documents of all collections up to date with what the other services say. */
export function documentConsumer(collections: readonly Collection[]): ConsumerDefinition<SearchDb> {
  const bySchema = new Map<DescMessage, { collection: Collection; feed: Feed }[]>();
  for (const collection of collections) {
    for (const feed of collection.feeds)
      bySchema.set(feed.schema, [...(bySchema.get(feed.schema) ?? []), { collection, feed }]);
  }
  return consumer<SearchDb>({
    durable: "search-documents",
    on: [...bySchema].map(([schema, feeds]) => subscription(schema, feeds)),
  });
}

function subscription(
  schema: DescMessage,
  feeds: readonly { collection: Collection; feed: Feed }[],
): Subscription<SearchDb> {
  return on(schema, async (event: Event<unknown>, { tx }) => {
    const { tenantId } = event;
    if (tenantId === undefined) return ok();
    for (const { collection, feed } of feeds) {
      for (const change of feed.changes(event)) await applyChange(tx, tenantId, collection.name, change);
    }
    return ok();
  });
}
