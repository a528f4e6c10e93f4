"use client";
import { AppLink, BurnUp, cx, pace, Section, Skeleton } from "@leadmetrics/ui";
import { Query, tenantQueries, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { timeOf } from "./sentence.ts";

/** Each goal as a small burn-up: where it is against where it should be by now. */
export function Goals() {
  const goals = useQuery(tenantQueries.goals);
  const format = useFormat();
  const now = Date.now();
  return (
    <Section title="Goals">
      <Query of={goals} loading={<Skeleton className="h-28 w-full" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="border-y border-line py-3 text-sm text-muted">
              No goals yet.{" "}
              <AppLink href="/strategy" className="text-accent underline underline-offset-2">
                A strategy names them.
              </AppLink>
            </p>
          ) : (
            <ul className="flex flex-col gap-6">
              {items.slice(0, 4).map((goal) => {
                const time = timeOf(goal, now);
                const stands = pace(goal, time.at);
                return (
                  <li key={goal.ref} className="flex flex-col gap-1">
                    <div className="flex items-baseline justify-between gap-3 text-sm">
                      <span className="min-w-0 truncate">{goal.name}</span>
                      <span className={cx("shrink-0", stands === "behind" ? "text-warn-text" : "text-muted")}>
                        {stands}
                      </span>
                    </div>
                    <p className="tabular text-lg font-semibold">
                      {format.number(goal.current, 1)}
                      <span className="text-sm font-normal text-muted">
                        {" "}
                        of {format.number(goal.target, 1)} by {format.date(goal.due ?? undefined)}
                      </span>
                    </p>
                    <BurnUp
                      title={goal.name}
                      baseline={goal.baseline}
                      target={goal.target}
                      snapshots={(goal.snapshots ?? []).map((one) => ({
                        at: one.takenOn ?? "",
                        value: one.value,
                      }))}
                      from={new Date(time.from).toISOString()}
                      to={new Date(time.to).toISOString()}
                      format={(value) => format.number(value, 1)}
                      now={now}
                    />
                  </li>
                );
              })}
            </ul>
          )
        }
      </Query>
    </Section>
  );
}
