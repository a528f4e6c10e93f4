"use client";
import { Figure, Figures, Page, Section, Skeleton, SkeletonRows } from "@leadmetrics/ui";
import {
  adminQueries,
  budgetQueries,
  Failure,
  frameQueries,
  platformQueries,
  Query,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { Health } from "./overview/Health.tsx";
import { Needs } from "./overview/Needs.tsx";
import { lastDays, needsOf, perDay } from "./overview/rules.ts";
import { useTenantNames } from "./useTenantNames.ts";

const DAYS = 14;

/** How the platform does: four lines, what needs a person, how the services are. */
export function OverviewScreen() {
  const letters = useQuery(frameQueries.deadLetters);
  const troubles = useQuery(platformQueries.troubles);
  const credits = useQuery(adminQueries.runs({ status: "awaiting_credits" }));
  const config = useQuery(adminQueries.runs({ status: "awaiting_config" }));
  const standings = useQuery(platformQueries.standings);
  const caps = useQuery(budgetQueries.standings);
  const tenants = useQuery(adminQueries.tenants);
  const health = useQuery(platformQueries.health);
  const nameOf = useTenantNames();
  const asked = [letters, troubles, credits, config, standings, caps, tenants];
  const failed = asked.find((one) => one.error && one.data === undefined);
  const needs = needsOf({
    letters: letters.data?.items ?? [],
    troubles: troubles.data?.items ?? [],
    waiting: [...(credits.data?.items ?? []), ...(config.data?.items ?? [])],
    standings: standings.data?.items ?? [],
    caps: caps.data?.items ?? [],
    tenants: tenants.data?.items ?? [],
  });
  return (
    <Page title="Overview">
      <div className="flex flex-col gap-8">
        <Lines />
        <Section
          title="Needs you"
          aside={
            needs.length > 0 ? <span className="tabular text-sm text-muted">{needs.length}</span> : undefined
          }
        >
          {failed ? <Failure of={failed.error} onRetry={() => void failed.refetch()} /> : null}
          {asked.some((one) => one.isPending) ? (
            <SkeletonRows rows={3} />
          ) : (
            <Needs needs={needs} nameOf={nameOf} />
          )}
        </Section>
        <Section title="Services">
          <Query of={health} loading={<SkeletonRows rows={2} />}>
            {({ items }) => <Health services={items} />}
          </Query>
        </Section>
      </div>
    </Page>
  );
}

function Lines() {
  const runs = useQuery(platformQueries.runFigures("none", DAYS));
  const work = useQuery(platformQueries.workFigures(DAYS));
  const format = useFormat();
  const failed = [runs, work].find((one) => one.error && one.data === undefined);
  if (failed) return <Failure of={failed.error} onRetry={() => void failed.refetch()} />;
  if (!runs.data || !work.data) return <Skeleton className="h-24 w-full" />;
  const days = lastDays(DAYS, Date.now());
  const lines = [
    {
      name: "Runs",
      href: "/runs",
      values: perDay(runs.data.items, days, (row) => row.runs),
      write: (value: number) => format.number(value),
      note: `${format.number(perDay(runs.data.items, days, (row) => row.failed).at(-1) ?? 0)} failed`,
    },
    {
      name: "Drafts",
      values: perDay(work.data.items, days, (row) => row.drafts),
      write: (value: number) => format.number(value),
    },
    {
      name: "Publications",
      values: perDay(work.data.items, days, (row) => row.publications),
      write: (value: number) => format.number(value),
    },
    {
      name: "Spend",
      href: "/costs",
      values: perDay(runs.data.items, days, (row) => row.usage?.costMicroUsd ?? 0),
      write: (value: number) => format.usd(value),
      note: `${format.compact(perDay(runs.data.items, days, (row) => row.credits).at(-1) ?? 0)} credits`,
    },
  ];
  return (
    <Figures>
      {lines.map(({ name, href, values, write, note }) => (
        <Figure
          key={name}
          label={`${name}, today`}
          href={href}
          value={write(values.at(-1) ?? 0)}
          note={note ?? `${write(values.reduce((a, b) => a + b, 0))} in ${DAYS} days`}
          history={values}
          historyLabel={`${name} over ${DAYS} days: ${values.map(write).join(", ")}`}
        />
      ))}
    </Figures>
  );
}
