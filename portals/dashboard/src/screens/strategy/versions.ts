import type { StrategyVersion } from "@leadmetrics/web";

/** A version as one text, its goals as lines at the end: what changed in either shows. */
export function asText({ title, body, horizonMonths, goals }: StrategyVersion): string {
  const lines = goals.map(
    ({ name, metric, baseline, target, due }) =>
      `${name}: ${metric} from ${baseline} to ${target}${due ? ` by ${due}` : ""}`,
  );
  return [title, `${horizonMonths} months`, body, "Goals", ...lines].join("\n\n");
}

/** The newest version before one that reads differently: an approval alone changes no word. */
export function withOtherText(
  versions: readonly StrategyVersion[],
  than: StrategyVersion,
): StrategyVersion | undefined {
  return versions.find((one) => one.version < than.version && asText(one) !== asText(than));
}
