import {
  GoalAdvancedSchema,
  StrategyApprovedSchema,
  StrategyChangedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import type { Goal } from "@leadmetrics/proto/content/v1/strategy";
import { type Change, collection, feed } from "./define.ts";

/** Goals by name and metric. They have no counter of their own, so the time of the event orders their changes. */
export const goals = collection("goals", {
  boost: 0.95,
  feeds: [
    feed(StrategyChangedSchema, ({ strategy }, { occurredAt }) =>
      strategy?.goals.map((goal) => changeOf(goal, occurredAt)),
    ),
    feed(StrategyApprovedSchema, ({ strategy }, { occurredAt }) =>
      strategy?.goals.map((goal) => changeOf(goal, occurredAt)),
    ),
    feed(GoalAdvancedSchema, ({ goal }, { occurredAt }) => goal && changeOf(goal, occurredAt)),
  ],
});

function changeOf(goal: Goal, at: Date): Change {
  const status = goal.target >= goal.baseline ? goal.current >= goal.target : goal.current <= goal.target;
  return {
    kind: "put",
    ref: goal.ref,
    version: at.getTime(),
    title: goal.name,
    keywords: [goal.metric.replaceAll("_", " ")],
    status: status ? "reached" : "open",
  };
}
