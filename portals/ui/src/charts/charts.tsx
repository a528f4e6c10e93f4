"use client";
import { ChartFrame } from "./Chart.tsx";
import { linePath, scale, spread } from "./geometry.ts";

/** A row of values as a small line; the last one is what is known now. */
export function Sparkline({
  values,
  label,
  width = 120,
  height = 28,
}: {
  values: readonly number[];
  label: string;
  width?: number;
  height?: number;
}) {
  if (values.length === 0) return null;
  const points = spread(values, { width, height, pad: 3 }, [Math.min(0, ...values), Math.max(1, ...values)]);
  const last = points.at(-1);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      <path
        d={linePath(points)}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      {last ? <circle cx={last.x} cy={last.y} r="2.5" fill="var(--chart-1)" /> : null}
    </svg>
  );
}

export interface BurnUpProps {
  title: string;
  baseline: number;
  target: number;
  /** Measured values in order of time. */
  snapshots: readonly { at: string; value: number }[];
  /** ISO dates of the horizon. */
  from: string;
  to: string;
  format: (value: number) => string;
  now?: number;
}

/** A goal's way from baseline to target: the straight line it was promised, and where it is. */
export function BurnUp({
  title,
  baseline,
  target,
  snapshots,
  from,
  to,
  format,
  now = Date.now(),
}: BurnUpProps) {
  const width = 240;
  const height = 72;
  const time: [number, number] = [Date.parse(from), Date.parse(to)];
  const values = [baseline, target, ...snapshots.map((snapshot) => snapshot.value)];
  const range: [number, number] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) => scale(Math.min(Math.max(at, time[0]), time[1]), time, [2, width - 4]);
  const y = (value: number) => scale(value, range, [height - 6, 6]);
  const way = [
    { x: x(time[0]), y: y(baseline) },
    ...snapshots.map((one) => ({ x: x(Date.parse(one.at)), y: y(one.value) })),
  ];
  const head = way.at(-1);
  const current = snapshots.at(-1)?.value ?? baseline;
  return (
    <ChartFrame
      summary={`${title}: ${format(current)} of ${format(target)}`}
      data={{
        columns: ["Date", "Value"],
        rows: snapshots.map((one) => [one.at.slice(0, 10), format(one.value)]),
      }}
      caption={`from ${format(baseline)} to ${format(target)}`}
    >
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className="h-[72px] w-full"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${format(current)} of ${format(target)}`}
      >
        <path
          d={`M${x(time[0])} ${y(baseline)}L${x(time[1])} ${y(target)}`}
          stroke="var(--line-strong)"
          strokeWidth="1"
          strokeDasharray="3 3"
          vectorEffect="non-scaling-stroke"
        />
        <path d={`M${x(now)} 2V${height - 2}`} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        <path
          d={linePath(way)}
          fill="none"
          stroke="var(--chart-1)"
          strokeWidth="2"
          strokeLinejoin="round"
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
        {head ? (
          <path
            d={`M${head.x} ${head.y}h0.01`}
            stroke="var(--chart-1)"
            strokeWidth="7"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
        ) : null}
      </svg>
    </ChartFrame>
  );
}

export interface BarProps {
  title: string;
  bars: readonly { key: string; label: string; done: number; target: number; note?: string }[];
}

/** Counts against what was promised: a bar from zero, its figure at its end. */
export function Bars({ title, bars }: BarProps) {
  return (
    <ChartFrame
      summary={title}
      data={{
        columns: ["Deliverable", "Done", "Promised"],
        rows: bars.map((bar) => [bar.label, bar.done, bar.target]),
      }}
    >
      <ul className="flex flex-col gap-3" aria-label={title}>
        {bars.map((bar) => (
          <li key={bar.key} className="flex flex-col gap-1">
            <div className="flex items-baseline justify-between gap-3 text-sm">
              <span className="truncate">{bar.label}</span>
              <span className="tabular shrink-0 text-muted">
                <span className="font-semibold text-text">{bar.done}</span> of {bar.target}
                {bar.note ? ` · ${bar.note}` : ""}
              </span>
            </div>
            <span className="flex h-1.5 gap-px overflow-hidden rounded-full bg-line">
              <span
                className="rounded-full bg-(--chart-1)"
                style={{ width: `${Math.min(100, (bar.done / Math.max(1, bar.target)) * 100)}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}
