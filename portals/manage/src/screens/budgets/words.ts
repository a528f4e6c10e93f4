import { type Budget, roleTitle } from "@leadmetrics/web";

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
