"use client";
import { cx, Progress } from "@leadmetrics/ui";
import type { BudgetMetric } from "../api/shapes.ts";
import { useFormat } from "../app/useMe.tsx";
import { type BudgetLine, budgetTone, fullness } from "./rules.ts";

export const metricNames: Readonly<Record<BudgetMetric, string>> = {
  money: "Model cost",
  tokens: "Tokens",
  runs: "Runs",
};

/** How an amount of a metric is written: $12.40, 24,000. */
export function useAmount(): (metric: BudgetMetric, amount: number) => string {
  const format = useFormat();
  return (metric, amount) => (metric === "money" ? format.usd(amount) : format.number(amount));
}

/** What is used of each figure of a cap, with a line that fills where there is a limit. */
export function BudgetMeters({ lines }: { lines: readonly BudgetLine[] }) {
  return (
    <dl
      className={cx(
        "grid gap-x-8 gap-y-5 border-y border-line py-5",
        lines.length > 2 ? "md:grid-cols-3" : "md:grid-cols-2",
      )}
    >
      {lines.map((line) => (
        <Meter key={line.metric} line={line} />
      ))}
    </dl>
  );
}

const textTone = { accent: "text-muted", warn: "text-warn-text", bad: "text-bad" } as const;

function Meter({ line }: { line: BudgetLine }) {
  const amount = useAmount();
  const format = useFormat();
  const name = metricNames[line.metric];
  const tone = budgetTone(line);
  const notes = [
    line.limit === 0 ? "no cap" : `${format.percent(Math.min(1, fullness(line)))} used or held`,
    line.reserved > 0 ? `${amount(line.metric, line.reserved)} held for work under way` : "",
    line.own ? "your own cap" : "",
  ];
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="flex flex-col gap-1.5">
        <span className="tabular">
          <span className="text-xl font-semibold">{amount(line.metric, line.used)}</span>
          {line.limit > 0 ? (
            <span className="text-sm text-muted"> of {amount(line.metric, line.limit)}</span>
          ) : null}
        </span>
        {line.limit > 0 ? (
          <Progress label={`${name} used or held, of the cap`} value={fullness(line)} tone={tone} />
        ) : null}
        <span className={cx("text-xs", textTone[tone])}>
          {tone === "bad" ? "Reached: new work waits · " : ""}
          {notes.filter(Boolean).join(" · ")}
        </span>
      </dd>
    </div>
  );
}
