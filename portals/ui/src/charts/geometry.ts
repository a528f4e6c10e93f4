/** Pure geometry of the charts: numbers in, SVG paths out. */

export interface Point {
  x: number;
  y: number;
}

/** Maps `value` from one range to another; a range without length maps to the middle. */
export function scale(value: number, from: readonly [number, number], to: readonly [number, number]): number {
  const span = from[1] - from[0];
  if (span === 0) return (to[0] + to[1]) / 2;
  return to[0] + ((value - from[0]) / span) * (to[1] - to[0]);
}

export function linePath(points: readonly Point[]): string {
  return points
    .map((point, index) => `${index === 0 ? "M" : "L"}${round(point.x)} ${round(point.y)}`)
    .join("");
}

/** The points of a row of values, spread over a box; `min` and `max` fix the scale. */
export function spread(
  values: readonly number[],
  box: { width: number; height: number; pad: number },
  range: readonly [number, number] = [Math.min(...values), Math.max(...values)],
): Point[] {
  return values.map((value, index) => ({
    x: scale(index, [0, Math.max(1, values.length - 1)], [box.pad, box.width - box.pad]),
    y: scale(value, range, [box.height - box.pad, box.pad]),
  }));
}

/** Where a goal should be by now, on a straight line from baseline to target. `at` is 0 to 1 of the horizon. */
export function expectedAt(baseline: number, target: number, at: number): number {
  return baseline + (target - baseline) * Math.min(1, Math.max(0, at));
}

/** Ahead, on track or behind; "on track" is within 5 % of the whole way. Works for goals that go down too. */
export function pace(
  goal: { baseline: number; target: number; current: number },
  at: number,
): "ahead" | "on track" | "behind" {
  const way = goal.target - goal.baseline;
  if (way === 0) return "on track";
  const lead = (goal.current - expectedAt(goal.baseline, goal.target, at)) / way;
  return lead > 0.05 ? "ahead" : lead < -0.05 ? "behind" : "on track";
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that isn't below `value`: where an axis ends. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

const round = (value: number): number => Math.round(value * 10) / 10;
