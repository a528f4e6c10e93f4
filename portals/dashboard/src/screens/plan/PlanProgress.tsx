"use client";
import { AgentAtWork, AppLink, Bars, OwesChip, Section, SkeletonRows, Status } from "@leadmetrics/ui";
import {
  contentTypes,
  More,
  owedOf,
  type Period,
  type Plan,
  progressOf,
  Query,
  tenantQueries,
  useFormat,
  useRunWriting,
} from "@leadmetrics/web";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

/** An approved plan at work: the planner while it plans, then what is out and what is on its way. */
export function PlanProgress({ plan }: { plan: Plan }) {
  const format = useFormat();
  const periods = useQuery(tenantQueries.periods(plan.ref));
  const activities = useInfiniteQuery(tenantQueries.activities({ planRef: plan.ref }));
  const items = activities.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="flex flex-col gap-8">
      {items.length === 0 && plan.plannerRunRef && !plan.planningError ? (
        <Planning runRef={plan.plannerRunRef} title={plan.title} />
      ) : null}
      <Section title="Progress">
        <Query of={periods} loading={<SkeletonRows rows={2} />}>
          {(data) => (
            <Bars
              title="Published of what was promised"
              bars={[...data.items].sort(byTime).map((one) => ({
                key: one.ref,
                label: contentTypes[one.contentType].many,
                done: one.completedCount,
                target: one.targetCount,
                note: `until ${format.date(one.end)}`,
              }))}
            />
          )}
        </Query>
      </Section>
      {items.length > 0 ? (
        <Section title="Items">
          <ul className="divide-y divide-line border-y border-line">
            {items.map((one) => (
              <li key={one.ref}>
                <AppLink
                  href={`/content/${one.ref}`}
                  className="flex min-h-9 items-center gap-4 text-sm hover:bg-hover max-md:min-h-11"
                >
                  <span className="min-w-0 flex-1 truncate" dir="auto">
                    {one.title}
                  </span>
                  <span className="max-md:hidden">
                    <OwesChip owed={owedOf(one)} />
                  </span>
                  <Status state={one.status} className="w-40 max-md:w-auto" />
                </AppLink>
              </li>
            ))}
          </ul>
          <More of={activities} />
        </Section>
      ) : null}
    </div>
  );
}

const byTime = (a: Period, b: Period) =>
  a.end.localeCompare(b.end) || a.contentType.localeCompare(b.contentType);

function Planning({ runRef, title }: { runRef: string; title: string }) {
  const stored = useQuery(tenantQueries.runEvents(runRef));
  const writing = useRunWriting(runRef, stored.data?.items);
  return (
    <AgentAtWork
      agent="Activity planner"
      subject={title}
      progress={progressOf({ role: "activity-planner", status: "working" }, 0)}
      sentence={writing.note || "Choosing topics and titles"}
    />
  );
}
