import type { Fallback, FallbackStep } from "@leadmetrics/web";
import { adapters } from "./adapters.ts";

/** Stands for every role without its own. */
export const ANY = "*";

const titleOf = (adapter: string): string => adapters.find((one) => one.value === adapter)?.label ?? adapter;

/** "Claude claude-haiku-5-5, then Offline". */
export function stepsText(steps: readonly FallbackStep[]): string {
  if (steps.length === 0) return "nothing";
  return steps
    .map(({ adapter, model }) => [titleOf(adapter), model].filter(Boolean).join(" "))
    .join(", then ");
}

/** What holds for a tenant's role: its own word, its word for all roles, the platform's for the role, the platform's for all. */
export function fallbackOf(
  role: string,
  own: readonly Fallback[],
  platform: readonly Fallback[],
): { steps: readonly FallbackStep[]; said: "role" | "all" | "platform" | "nobody" } {
  const find = (list: readonly Fallback[], name: string) => list.find((one) => one.role === name);
  const mine = find(own, role);
  if (mine) return { steps: mine.steps, said: "role" };
  const all = find(own, ANY);
  if (all) return { steps: all.steps, said: "all" };
  const theirs = find(platform, role) ?? find(platform, ANY);
  return theirs ? { steps: theirs.steps, said: "platform" } : { steps: [], said: "nobody" };
}
