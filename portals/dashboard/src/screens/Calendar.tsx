"use client";
import type { CalendarDate } from "@internationalized/date";
import { Button, cx, EmptyState, Icon, IconButton, Page, Skeleton } from "@leadmetrics/ui";
import {
  type Activity,
  type CalendarEntry,
  clientQueries,
  Query,
  useFormat,
  useFormatKnown,
  useKeyMap,
  useMayEdit,
} from "@leadmetrics/web";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Chip } from "./calendar/Chip.tsx";
import { DayCell } from "./calendar/DayCell.tsx";
import { MomentDialog } from "./calendar/MomentDialog.tsx";
import { type Part, partOf, wholeOf } from "./calendar/parts.ts";
import { byDay, dayOf, movedTo, shownOf, timeText, type View } from "./calendar/rules.ts";
import { useReschedule } from "./calendar/useReschedule.ts";

/** What goes out when, in the company's time zone; items are dragged to another day, or given an exact moment. */
export function CalendarScreen() {
  // The company says which zone's days these are and on which its weeks begin; before it has, they would be other days.
  const known = useFormatKnown();
  return (
    <Page title="Calendar" width="fill">
      {known ? <Calendar /> : <Skeleton className="m-6 h-[60dvh]" />}
    </Page>
  );
}

function Calendar() {
  const format = useFormat();
  const { timeZone } = format.manner;
  const router = useRouter();
  const params = useSearchParams();
  const { view, today, anchor, days, stretch } = shownOf(
    { view: params.get("view"), day: params.get("day") },
    format.manner,
  );
  const calendar = useQuery({
    ...clientQueries.calendar(stretch.start, stretch.end),
    placeholderData: keepPreviousData,
  });
  const show = (to: CalendarDate, as: View = view) =>
    router.replace(`/calendar?view=${as}&day=${to.toString()}`, { scroll: false });
  const turn = (by: 1 | -1) => show(anchor.add(view === "month" ? { months: by } : { weeks: by }));
  useKeyMap("Calendar", {
    n: { what: "Next", run: () => turn(1) },
    p: { what: "Before", run: () => turn(-1) },
    t: { what: "Today", run: () => show(today) },
    w: { what: "Month or week", run: () => show(anchor, view === "month" ? "week" : "month") },
  });
  const noon = anchor.toDate("UTC").toISOString();
  const title =
    view === "month"
      ? format.month(noon)
      : `${format.day(days[0]?.toString() ?? "")} – ${format.day(days.at(-1)?.toString() ?? "")}`;

  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-6 py-3 max-md:px-4">
        <h2 className="mr-2 text-lg font-semibold" aria-live="polite">
          {title}
        </h2>
        <IconButton label="Before" onPress={() => turn(-1)}>
          <Icon of="chevron-left" />
        </IconButton>
        <IconButton label="Next" onPress={() => turn(1)}>
          <Icon of="chevron-right" />
        </IconButton>
        <Button kind="quiet" onPress={() => show(today)}>
          Today
        </Button>
        <span className="flex-1" />
        <span className="text-xs text-muted max-md:hidden">{timeZone}</span>
        <fieldset className="flex">
          <legend className="sr-only">View</legend>
          {(["month", "week"] as const).map((one) => (
            <Button
              key={one}
              kind="quiet"
              className={cx(view === one && "bg-selected text-text")}
              aria-pressed={view === one}
              onPress={() => show(anchor, one)}
            >
              {one === "month" ? "Month" : "Week"}
            </Button>
          ))}
        </fieldset>
      </div>
      <Query of={calendar} loading={<Skeleton className="m-6 h-[60dvh]" />}>
        {({ entries, undated }) => (
          <Grid view={view} days={days} today={today} anchor={anchor} entries={entries} undated={undated} />
        )}
      </Query>
    </>
  );
}

function Grid({
  view,
  days,
  today,
  anchor,
  entries,
  undated,
}: {
  view: View;
  days: readonly CalendarDate[];
  today: CalendarDate;
  anchor: CalendarDate;
  entries: readonly CalendarEntry[];
  undated: readonly Activity[];
}) {
  const { timeZone, locale } = useFormat().manner;
  const mayEdit = useMayEdit();
  const reschedule = useReschedule();
  const drag = useReschedule(true);
  const [asking, setAsking] = useState<Part>();
  const ofDay = byDay(entries, timeZone);
  const names = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  const long = new Intl.DateTimeFormat(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  const movables = new Map(
    [...entries.map((one) => partOf(one, entries)), ...undated.map((one) => wholeOf(one))].map((one) => [
      one.key,
      one,
    ]),
  );
  const drop = (day: CalendarDate, key: string) => {
    const part = movables.get(key);
    if (!part) return;
    if (part.slot && dayOf(part.slot, timeZone).compare(day) === 0) return;
    moved.current = key;
    drag(part.activity, movedTo(day, part.slot, timeZone), ...part.targets);
  };
  // Where it is now is where the keyboard goes on.
  const moved = useRef<string>(undefined);
  useEffect(() => {
    const handle = moved.current && document.querySelector<HTMLElement>(`[data-moves="${moved.current}"]`);
    const lost = !document.activeElement || document.activeElement === document.body;
    if (!handle || !lost || !entries.some((entry) => partOf(entry, entries).key === moved.current)) return;
    moved.current = undefined;
    handle.focus();
  }, [entries]);
  const chip = (part: Part, entry?: CalendarEntry) => (
    <Chip
      key={part.key}
      moves={part.key}
      activity={part.activity}
      time={entry ? timeText(entry.slot, timeZone) : undefined}
      conflicts={entry?.conflicts}
      channels={part.channels}
      isMovable={mayEdit && part.isMovable}
      roomy={entry !== undefined && view === "week"}
      onTime={() => setAsking(part)}
    />
  );
  return (
    <div className="flex min-h-0 flex-1 border-t border-line max-lg:flex-col">
      <div className="min-w-0 flex-1">
        <div aria-hidden className="grid grid-cols-7 border-b border-line max-md:hidden">
          {days.slice(0, 7).map((day) => (
            <span key={day.toString()} className="px-1.5 py-1 text-xs text-muted">
              {names.format(day.toDate("UTC"))}
            </span>
          ))}
        </div>
        <ul className="grid md:grid-cols-7">
          {days.map((day) => {
            const own = ofDay.get(day.toString()) ?? [];
            return (
              <DayCell
                key={day.toString()}
                day={day}
                label={long.format(day.toDate("UTC"))}
                isToday={day.compare(today) === 0}
                isPast={day.compare(today) < 0}
                isOutside={view === "month" && day.month !== anchor.month}
                isEmpty={own.length === 0}
                tall={view === "week"}
                onDrop={(ref) => drop(day, ref)}
              >
                {own.map((entry) => chip(partOf(entry, entries), entry))}
              </DayCell>
            );
          })}
        </ul>
        {entries.length === 0 ? (
          <div className="px-6 py-6 md:hidden">
            <EmptyState icon="calendar-days" title="Nothing goes out in this stretch">
              What has a date in it is shown here.
            </EmptyState>
          </div>
        ) : null}
      </div>
      <aside
        aria-label="Without a date"
        className="w-64 shrink-0 border-l border-line p-4 max-lg:w-full max-lg:border-t max-lg:border-l-0"
      >
        <h3 className="text-sm font-semibold">Without a date</h3>
        <p className="mt-1 mb-3 text-xs text-muted">
          {undated.length === 0
            ? "Nothing waits for a date. What a plan brings comes here."
            : "Goes out as soon as it is approved. Drag it to a day, or set a date."}
        </p>
        <div className="flex flex-col gap-1">{undated.map((activity) => chip(wholeOf(activity)))}</div>
      </aside>
      {asking ? (
        <MomentDialog
          title={asking.activity.title}
          slot={asking.slot}
          clear={asking.slot ? "Without a date" : undefined}
          onClose={() => setAsking(undefined)}
          onMove={(moment) => {
            setAsking(undefined);
            reschedule(asking.activity, moment, ...asking.targets);
          }}
        />
      ) : null}
    </div>
  );
}
