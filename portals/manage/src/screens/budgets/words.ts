import { type Budget, type BudgetStanding, roleTitle } from "@leadmetrics/web";

type Place = Pick<Budget, "scope" | "role">;

/** What a cap is about. */
export function placeTitle({ scope, role }: Place): string {
  if (scope === "tenant") return "All agents, a month";
  return scope === "role" ? `${roleTitle(role)}, a month` : "One activity, in all";
}

export const placeKey = ({ scope, role }: Place): string => `${scope}:${role}`;

/** What opens a cap on the page of its tenant. */
export const capQuery = (place: Place): string => `?cap=${encodeURIComponent(placeKey(place))}`;

/** What stands behind an amount. */
export const metricUnits = { money: "of model cost", tokens: "tokens", runs: "runs" } as const;

const METRIC_WORDS = { money: "model cost", tokens: "tokens", runs: "runs" } as const;

/** What is near its end, in a sentence. */
export function standingText(
  standing: BudgetStanding,
  amount: (metric: BudgetStanding["metric"], value: number) => string,
): string {
  const { metric, role, used, reserved, limit, own } = standing;
  const whose = [own ? "its own cap" : "the month's cap", role ? `of ${roleTitle(role)}` : ""]
    .filter(Boolean)
    .join(" ");
  const held = reserved > 0 && used < limit ? ` and ${amount(metric, reserved)} held` : "";
  return `${used >= limit ? "At" : "Near"} ${whose} on ${METRIC_WORDS[metric]}: ${amount(metric, used)} of ${amount(metric, limit)} used${held}`;
}
