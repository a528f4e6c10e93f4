import type { BudgetStanding } from "../api/shapes.ts";
import { roleTitle } from "../view/words.ts";

const METRIC_WORDS = { money: "model cost", tokens: "tokens", runs: "runs" } as const;

function whose({ scope, role, own, activityTitle }: BudgetStanding): string {
  if (scope === "activity") return activityTitle ? `the cap of “${activityTitle}”` : "the activity's cap";
  return [own ? "its own cap" : "the month's cap", role ? `of ${roleTitle(role)}` : ""]
    .filter(Boolean)
    .join(" ");
}

/** What is near its end, in a sentence. */
export function standingText(
  standing: BudgetStanding,
  amount: (metric: BudgetStanding["metric"], value: number) => string,
): string {
  const { metric, used, reserved, limit } = standing;
  const held = reserved > 0 && used < limit ? ` and ${amount(metric, reserved)} held` : "";
  return `${used >= limit ? "At" : "Near"} ${whose(standing)} on ${METRIC_WORDS[metric]}: ${amount(metric, used)} of ${amount(metric, limit)} used${held}`;
}
