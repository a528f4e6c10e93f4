"use client";
import { ChartFrame } from "./Chart.tsx";
import { niceTop } from "./geometry.ts";

export interface DaySeries {
  name: string;
  /** One value a day, in the order of `days`. */
  values: readonly number[];
}

/** Series beyond the palette share its last step. */
const STEPS = 5;
const stepOf = (index: number): string => `var(--chart-${Math.min(index, STEPS - 1) + 1})`;

/** Amounts by day, stacked, from zero; the figures one press away. */
export function DayBars({
  title,
  days,
  series,
  format,
  formatDay,
  height = 132,
}: {
  title: string;
  /** ISO dates, oldest first. */
  days: readonly string[];
  series: readonly DaySeries[];
  format: (value: number) => string;
  formatDay: (day: string) => string;
  /** Pixels of the tallest bar. */
  height?: number;
}) {
  const totals = days.map((_, day) => series.reduce((sum, one) => sum + (one.values[day] ?? 0), 0));
  const top = niceTop(Math.max(0, ...totals));
  const sum = totals.reduce((a, b) => a + b, 0);
  const first = days[0];
  const last = days.at(-1);
  return (
    <ChartFrame
      summary={`${title}: ${format(sum)} in ${days.length} days`}
      data={{
        columns: ["Day", ...series.map((one) => one.name)],
        rows: days.map((day, index) => [
          formatDay(day),
          ...series.map((one) => format(one.values[index] ?? 0)),
        ]),
      }}
      caption={
        series.length > 1 ? (
          <span className="flex flex-wrap gap-x-3">
            {series.map((one, index) => (
              <span key={one.name} className="inline-flex items-center gap-1.5">
                <span aria-hidden className="size-2 rounded-[2px]" style={{ background: stepOf(index) }} />
                {one.name}
              </span>
            ))}
          </span>
        ) : null
      }
    >
      <div role="img" aria-label={`${title}: ${format(sum)} in ${days.length} days`}>
        <div className="relative flex items-end gap-[3px] border-b border-line-strong" style={{ height }}>
          <span className="absolute inset-x-0 top-0 border-t border-dashed border-line text-right text-xs leading-4 text-muted">
            {format(top)}
          </span>
          {days.map((day, index) => (
            <span
              key={day}
              title={`${formatDay(day)}: ${format(totals[index] ?? 0)}`}
              className="relative flex min-w-0 flex-1 flex-col-reverse justify-start gap-px overflow-hidden rounded-t-[3px] hover:opacity-80"
              style={{ height: "100%" }}
            >
              {series.map((one, step) => {
                const value = one.values[index] ?? 0;
                return value > 0 ? (
                  <span
                    key={one.name}
                    className="block w-full last:rounded-t-[3px]"
                    style={{ height: `${(value / top) * 100}%`, minHeight: 2, background: stepOf(step) }}
                  />
                ) : null;
              })}
            </span>
          ))}
        </div>
        <div className="flex justify-between pt-1 text-xs text-muted">
          <span>{first ? formatDay(first) : ""}</span>
          <span>{last ? formatDay(last) : ""}</span>
        </div>
      </div>
    </ChartFrame>
  );
}

/** Who has the most of something: a bar from zero for each, its figure at its end. */
export function Ranking({
  title,
  rows,
  format,
}: {
  title: string;
  rows: readonly { key: string; label: string; value: number; note?: string }[];
  format: (value: number) => string;
}) {
  const top = Math.max(1e-9, ...rows.map((row) => row.value));
  return (
    <ChartFrame
      summary={title}
      data={{ columns: ["Name", "Value"], rows: rows.map((row) => [row.label, format(row.value)]) }}
    >
      <ul className="flex flex-col gap-2.5" aria-label={title}>
        {rows.map((row) => (
          <li key={row.key} className="flex flex-col gap-1">
            <div className="flex items-baseline justify-between gap-3 text-sm">
              <span className="min-w-0 truncate">{row.label}</span>
              <span className="tabular shrink-0 text-muted">
                <span className="text-text">{format(row.value)}</span>
                {row.note ? ` · ${row.note}` : ""}
              </span>
            </div>
            <span className="h-1 rounded-full bg-line">
              <span
                className="block h-full rounded-full bg-(--chart-1)"
                style={{ width: `${(row.value / top) * 100}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}
