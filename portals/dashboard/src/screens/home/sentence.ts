import { pace } from "@leadmetrics/ui";
import type { Goal } from "@leadmetrics/web";

/** How far through its time a goal is, 0 to 1, from its first snapshot (or a year before it is due). */
export function timeOf(goal: Goal, now: number): { from: number; to: number; at: number } {
  const to = Date.parse(goal.due ?? "") || now + 1;
  const first = Date.parse(goal.snapshots?.[0]?.takenOn ?? "");
  const from = Number.isNaN(first) ? to - 365 * 86_400_000 : first;
  return { from, to, at: to > from ? (now - from) / (to - from) : 1 };
}

/** "organic_visits" → "organic visits"; what people wrote themselves stays as it is. */
export const metricWords = (metric: string): string => metric.replaceAll("_", " ");

/** "3 things wait for you; 2 agents at work; “Published posts” is ahead." */
export function homeSentence(state: {
  waiting: number;
  agents: number;
  goals: readonly Goal[];
  setUp: boolean;
  now: number;
}): string {
  const waiting =
    state.waiting === 0
      ? "Nothing waits for you"
      : state.waiting === 1
        ? "One thing waits for you"
        : `${state.waiting} things wait for you`;
  const agents =
    state.agents === 0
      ? "no agent is at work"
      : state.agents === 1
        ? "one agent at work"
        : `${state.agents} agents at work`;
  if (!state.setUp && state.waiting === 0) return "Welcome. A few steps, and the agents can start.";
  return `${[waiting, agents, goalPart(state.goals, state.now)].filter(Boolean).join("; ")}.`;
}

function goalPart(goals: readonly Goal[], now: number): string {
  const paces = goals.map((goal) => ({ name: goal.name, pace: pace(goal, timeOf(goal, now).at) }));
  const behind = paces.filter((one) => one.pace === "behind");
  if (behind.length > 1) return `${behind.length} goals are behind`;
  const told = behind[0] ?? paces.find((one) => one.pace === "ahead") ?? paces[0];
  return told ? `“${told.name}” is ${told.pace}` : "";
}
