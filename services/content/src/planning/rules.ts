/** A calendar day as text, 2026-12-31. */
export type Day = string;

const DAY_MS = 86_400_000;
/** Days a plan may span at most. */
const LONGEST_DAYS = 366;

export interface Problem {
  readonly field: string;
  readonly description: string;
}

const at = (day: Day) => Date.parse(`${day}T00:00:00Z`);

/** Whether year, month and day name a real day. */
export function isDay(day: Day): boolean {
  const ms = at(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day;
}

/** What is wrong with a plan's dates. */
export function spanProblems(start: Day, end: Day): Problem[] {
  if (!isDay(start)) return [{ field: "start", description: `${start} is no day of the calendar` }];
  if (!isDay(end)) return [{ field: "end", description: `${end} is no day of the calendar` }];
  if (at(end) < at(start)) return [{ field: "end", description: `must not be before the start, ${start}` }];
  const days = (at(end) - at(start)) / DAY_MS;
  return days > LONGEST_DAYS
    ? [{ field: "end", description: `must be within ${LONGEST_DAYS} days of the start` }]
    : [];
}

export interface PeriodSpan {
  readonly starts: Day;
  readonly ends: Day;
  readonly targetCount: number;
}

/** Cuts a deliverable into calendar months and spreads its items by the months' share of the days; the sum is exact. */
export function periodsOf(start: Day, end: Day, quantity: number): PeriodSpan[] {
  const months: { starts: Day; ends: Day; days: number }[] = [];
  for (let from = at(start); from <= at(end); ) {
    const date = new Date(from);
    const lastOfMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
    const to = Math.min(lastOfMonth, at(end));
    months.push({ starts: text(from), ends: text(to), days: (to - from) / DAY_MS + 1 });
    from = to + DAY_MS;
  }
  const allDays = months.reduce((sum, month) => sum + month.days, 0);
  let daysBefore = 0;
  let countBefore = 0;
  return months
    .map(({ starts, ends, days }) => {
      daysBefore += days;
      const upToHere = Math.round((quantity * daysBefore) / allDays);
      const targetCount = upToHere - countBefore;
      countBefore = upToHere;
      return { starts, ends, targetCount };
    })
    .filter((period) => period.targetCount > 0);
}

/** Which period each of the planner's items falls into: they are filled in order. */
export function periodFor(
  index: number,
  periods: readonly { id: string; targetCount: number }[],
): string | undefined {
  let left = index;
  for (const period of periods) {
    if (left < period.targetCount) return period.id;
    left -= period.targetCount;
  }
  return periods.at(-1)?.id;
}

function text(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}
