"use client";
import { AppLink, Section, Skeleton } from "@leadmetrics/ui";
import { Query, tenantQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { GoalLine } from "./GoalLine.tsx";

/** The goals that fit on a page beside other things; the strategies page shows them all. */
export function Goals({ most }: { most?: number }) {
  const goals = useQuery(tenantQueries.goals);
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
              {items.slice(0, most).map((goal) => (
                <li key={goal.ref}>
                  <GoalLine goal={goal} now={now} />
                </li>
              ))}
              {most !== undefined && items.length > most ? (
                <li>
                  <AppLink href="/strategy" className="text-sm text-accent hover:underline">
                    All {items.length} goals
                  </AppLink>
                </li>
              ) : null}
            </ul>
          )
        }
      </Query>
    </Section>
  );
}
