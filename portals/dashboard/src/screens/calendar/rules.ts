import {
  type CalendarDate,
  endOfMonth,
  parseAbsolute,
  parseDate,
  startOfMonth,
  startOfWeek,
  toCalendarDate,
  toCalendarDateTime,
  today,
  toZoned,
} from "@internationalized/date";
import type { CalendarEntry, ScheduleConflict } from "@leadmetrics/web";

export type View = "month" | "week";

/** The hour of the day at which what has no hour yet goes out. */
export const USUAL_HOUR = 9;

/** The days a view shows: whole weeks around the month, or the week. The week begins where the locale has it begin. */
export function daysOf(view: View, anchor: CalendarDate, locale: string): readonly CalendarDate[] {
  const first = startOfWeek(view === "month" ? startOfMonth(anchor) : anchor, locale);
  const last = view === "month" ? endOfMonth(anchor) : first;
  const weeks =
    view === "week"
      ? 1
      : Math.ceil((last.toDate("UTC").getTime() - first.toDate("UTC").getTime() + 1) / WEEK_MS);
  return Array.from({ length: weeks * 7 }, (_, index) => first.add({ days: index }));
}
const WEEK_MS = 7 * 86_400_000;

/** The stretch of time the days are in a time zone, as moments; the end isn't included. */
export function stretchOf(days: readonly CalendarDate[], timeZone: string): { start: string; end: string } {
  const first = days[0] ?? today(timeZone);
  const last = days.at(-1) ?? first;
  return {
    start: toZoned(first, timeZone).toAbsoluteString(),
    end: toZoned(last.add({ days: 1 }), timeZone).toAbsoluteString(),
  };
}

/** What an address of the calendar shows, in a company's zone and with its weeks. */
export function shownOf(
  asked: { readonly view: string | null | undefined; readonly day: string | null | undefined },
  manner: { readonly timeZone: string; readonly locale: string },
) {
  const view: View = asked.view === "week" ? "week" : "month";
  const now = today(manner.timeZone);
  const anchor = parseDay(asked.day ?? "") ?? now;
  const days = daysOf(view, anchor, manner.locale);
  return { view, today: now, anchor, days, stretch: stretchOf(days, manner.timeZone) };
}

/** The day a moment is on in a time zone. */
export const dayOf = (moment: string, timeZone: string): CalendarDate =>
  toCalendarDate(parseAbsolute(moment, timeZone));

/**
 * The moment of the same time of day on another day. An hour that a change of the clocks leaves out moves on with the
 * clock; one that comes twice is the first.
 */
export function movedTo(day: CalendarDate, slot: string | undefined, timeZone: string): string {
  const time = slot ? parseAbsolute(slot, timeZone) : undefined;
  const local = toCalendarDateTime(day).set({ hour: time?.hour ?? USUAL_HOUR, minute: time?.minute ?? 0 });
  return toZoned(local, timeZone, "compatible").toAbsoluteString();
}

/** A moment from what a person typed as day and time: `2026-03-29` and `09:30`. */
export function momentOf(day: string, time: string, timeZone: string): string | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(time);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !match) return undefined;
  const local = toCalendarDateTime(parseDate(day)).set({ hour: Number(match[1]), minute: Number(match[2]) });
  return toZoned(local, timeZone, "compatible").toAbsoluteString();
}

/** `09:30` of a moment in a time zone. */
export function timeText(moment: string, timeZone: string): string {
  const { hour, minute } = parseAbsolute(moment, timeZone);
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** Entries by their day in a time zone, `2026-12-31`. */
export function byDay(
  entries: readonly CalendarEntry[],
  timeZone: string,
): ReadonlyMap<string, readonly CalendarEntry[]> {
  return Map.groupBy(entries, (entry) => dayOf(entry.slot, timeZone).toString());
}

export const parseDay = (text: string): CalendarDate | undefined => {
  try {
    return parseDate(text);
  } catch {
    return undefined;
  }
};

/** Why something stands in the way, in one sentence. */
export function conflictText(conflict: ScheduleConflict, channel: string): string {
  switch (conflict.kind) {
    case "crowded":
      return `“${conflict.withTitle}” goes to ${channel} within the same hour.`;
    case "not_approved":
      return "Not approved by everybody yet, and its hour is less than a day away or over.";
    case "channel_down":
      return `${channel} can't be published to at the moment.`;
    case "on_hold":
      return "On hold: it doesn't go out until it is resumed.";
  }
}
