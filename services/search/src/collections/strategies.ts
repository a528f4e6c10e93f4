import { StrategyApprovedSchema, StrategyChangedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { type Strategy, StrategyStatusSchema } from "@leadmetrics/proto/content/v1/strategy";
import { type Change, collection, feed, word } from "./define.ts";

/** Strategies by title, text and the names of their goals. */
export const strategies = collection("strategies", {
  feeds: [
    feed(StrategyChangedSchema, ({ strategy }) => changeOf(strategy)),
    feed(StrategyApprovedSchema, ({ strategy }) => changeOf(strategy)),
  ],
});

function changeOf(strategy: Strategy | undefined): Change | undefined {
  if (!strategy) return undefined;
  const version = strategy.stamp?.version ?? 0;
  return {
    kind: "put",
    ref: strategy.ref,
    version,
    title: strategy.title,
    keywords: strategy.goals.map((goal) => goal.name),
    status: word(StrategyStatusSchema, strategy.status),
    body: { text: strategy.body, version },
  };
}
