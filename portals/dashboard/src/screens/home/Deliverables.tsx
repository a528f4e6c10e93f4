"use client";
import { AppLink, Bars, Section, Skeleton } from "@leadmetrics/ui";
import { contentTypes, type Period, Query, tenantQueries, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** Periods that are running today; when none is, the next one. */
export function current(periods: readonly Period[], today: string): Period[] {
  const running = periods.filter((one) => one.start <= today && today <= one.end);
  if (running.length > 0) return running;
  const next = periods
    .filter((one) => one.start > today)
    .map((one) => one.start)
    .sort()[0];
  return periods.filter((one) => one.start === next);
}

/** What was promised for this period, and how much of it is out. */
export function Deliverables() {
  const periods = useQuery(tenantQueries.periods());
  const format = useFormat();
  return (
    <Section title="This period">
      <Query of={periods} loading={<Skeleton className="h-20 w-full" />}>
        {({ items }) => {
          const shown = current(items, new Date().toISOString().slice(0, 10));
          if (shown.length === 0) {
            return (
              <p className="border-y border-line py-3 text-sm text-muted">
                Nothing is promised for now.{" "}
                <AppLink href="/plans" className="text-accent underline underline-offset-2">
                  Approve a plan.
                </AppLink>
              </p>
            );
          }
          return (
            <Bars
              title="Deliverables of this period"
              bars={shown.map((one) => ({
                key: one.ref,
                label: contentTypes[one.contentType].many,
                done: one.completedCount,
                target: one.targetCount,
                note: `until ${format.date(one.end)}`,
              }))}
            />
          );
        }}
      </Query>
    </Section>
  );
}
