"use client";
import { Page, part, Skeleton } from "@leadmetrics/ui";

/** The calendar with what moves things in it: a third of the page's code, and nothing of it can be shown by the server. */
export const CalendarPage = part(
  async () => (await import("./Calendar.tsx")).CalendarScreen,
  <Page title="Calendar" width="fill">
    <Skeleton className="m-6 h-[60dvh]" />
  </Page>,
);
