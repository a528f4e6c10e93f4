import type { Strategy, StrategyInput } from "@leadmetrics/web";

/** A strategy while it is written; numbers as they are typed. */
export interface StrategyForm {
  title: string;
  body: string;
  horizonMonths: number;
  goals: {
    key: string;
    /** Of a goal that is there already. */
    ref?: string;
    name: string;
    metric: string;
    baseline: string;
    target: string;
    current: string;
    due: string;
  }[];
}

/** What is counted without anybody entering it. */
export const COUNTED = "published_items";

export function emptyStrategy(now: Date): StrategyForm {
  const due = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 6, 0)).toISOString().slice(0, 10);
  return {
    title: "",
    body: "",
    horizonMonths: 6,
    goals: [
      { key: "1", name: "Published posts", metric: COUNTED, baseline: "0", target: "24", current: "0", due },
    ],
  };
}

export const toForm = (strategy: Strategy): StrategyForm => ({
  title: strategy.title,
  body: strategy.body,
  horizonMonths: strategy.horizonMonths,
  goals: strategy.goals.map((goal) => ({
    key: goal.ref,
    ref: goal.ref,
    name: goal.name,
    metric: goal.metric,
    baseline: String(goal.baseline),
    target: String(goal.target),
    current: String(goal.current),
    due: goal.due ?? "",
  })),
});

export const toInput = (form: StrategyForm): StrategyInput => ({
  title: form.title.trim(),
  body: form.body,
  horizonMonths: form.horizonMonths,
  goals: form.goals.map((goal) => ({
    ...(goal.ref ? { ref: goal.ref } : {}),
    name: goal.name.trim(),
    metric: goal.metric.trim(),
    baseline: Number(goal.baseline),
    target: Number(goal.target),
    current: Number(goal.current),
    due: goal.due,
  })),
});

/** What is wrong, by field (`goals.<key>.<field>`); empty when it can be sent. */
export function mistakes(form: StrategyForm): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!form.title.trim()) wrong.title = "Give the strategy a name.";
  if (!form.body.trim()) wrong.body = "Say in a few sentences what you want to reach and how.";
  for (const goal of form.goals) {
    if (!goal.name.trim()) wrong[`goals.${goal.key}.name`] = "Name the goal.";
    if (!goal.due) wrong[`goals.${goal.key}.due`] = "Choose a day.";
    for (const field of ["baseline", "target", "current"] as const) {
      if (goal[field].trim() === "" || Number.isNaN(Number(goal[field])))
        wrong[`goals.${goal.key}.${field}`] = "A number.";
    }
    if (goal.target.trim() !== "" && Number(goal.target) === Number(goal.baseline))
      wrong[`goals.${goal.key}.target`] = "Same as the start.";
  }
  return wrong;
}
