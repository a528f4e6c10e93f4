"use client";
import {
  AppLink,
  Button,
  ButtonLink,
  Page,
  Section,
  SkeletonRows,
  Sparkline,
  Status,
  toast,
} from "@leadmetrics/ui";
import { adminActions, adminQueries, Query, roleTitle, useAction, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { linesOf } from "./overview-rules.ts";

/** How the platform does: four lines, and what needs a person. */
export function OverviewScreen() {
  const runs = useQuery(adminQueries.runs());
  const tenants = useQuery(adminQueries.tenants);
  const dead = useQuery(adminQueries.deadLetters);
  const format = useFormat();
  const replay = useAction((sequence: number) => adminActions.replay(sequence), {
    renews: ["dead-letters"],
    done: () => toast("Sent again.", { tone: "ok" }),
  });
  const nameOf = (ref: string) => tenants.data?.items.find((one) => one.ref === ref)?.name ?? "";
  const stuck = (runs.data?.items ?? []).filter(
    (run) => run.status === "awaiting_config" || run.status === "awaiting_credits",
  );
  const failed = (runs.data?.items ?? []).filter((run) => run.status === "failed").slice(0, 5);
  const suspended = (tenants.data?.items ?? []).filter((one) => one.status === "suspended");
  const needs = (dead.data?.items.length ?? 0) + stuck.length + failed.length + suspended.length;
  return (
    <Page title="Overview">
      <div className="flex flex-col gap-10">
        <Query of={runs} loading={<SkeletonRows rows={2} />}>
          {({ items }) => (
            <dl className="grid grid-cols-2 gap-x-8 gap-y-6 border-y border-line py-5 lg:grid-cols-4">
              {linesOf(items, Date.now()).map((line) => (
                <div key={line.name} className="flex flex-col gap-1">
                  <dt className="text-sm text-muted">{line.name}, today</dt>
                  <dd className="flex items-end justify-between gap-3">
                    <span className="tabular text-xl font-semibold">
                      {format.number(line.values.at(-1) ?? 0, 2)}
                    </span>
                    <Sparkline
                      values={line.values}
                      label={`${line.name} over the last 14 days: ${line.values.map((value) => format.number(value, 2)).join(", ")}`}
                    />
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </Query>
        <Section
          title="Needs you"
          aside={needs > 0 ? <span className="tabular text-sm text-muted">{needs}</span> : null}
        >
          {dead.data && runs.data && needs === 0 ? (
            <p className="border-y border-line py-3 text-sm text-muted">
              Nothing. No dead letters, no stuck runs, no suspended tenants.
            </p>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {(dead.data?.items ?? []).slice(0, 5).map((one) => (
                <Row
                  key={one.sequence}
                  what={
                    <AppLink href="/dead-letters" className="hover:underline">
                      {one.eventType}
                    </AppLink>
                  }
                  why={one.error}
                  fix={
                    <Button size="small" onPress={() => replay.mutate(one.sequence)}>
                      Replay
                    </Button>
                  }
                />
              ))}
              {stuck.map((run) => (
                <Row
                  key={run.ref}
                  what={
                    <>
                      {roleTitle(run.role)}: {run.title}
                    </>
                  }
                  why={`${nameOf(run.tenantRef)} · ${run.problem}`}
                  fix={
                    <ButtonLink size="small" href={`/tenants/${run.tenantRef}`}>
                      {run.status === "awaiting_credits" ? "Grant credits" : "Open tenant"}
                    </ButtonLink>
                  }
                />
              ))}
              {failed.map((run) => (
                <Row
                  key={run.ref}
                  what={
                    <>
                      {roleTitle(run.role)}: {run.title}
                    </>
                  }
                  why={`${nameOf(run.tenantRef)} · ${run.problem}`}
                  fix={
                    <ButtonLink size="small" href="/runs">
                      Open runs
                    </ButtonLink>
                  }
                />
              ))}
              {suspended.map((one) => (
                <Row
                  key={one.ref}
                  what={one.name}
                  why="Suspended: nobody signs in, nothing runs"
                  fix={
                    <ButtonLink size="small" href={`/tenants/${one.ref}`}>
                      Open tenant
                    </ButtonLink>
                  }
                />
              ))}
            </ul>
          )}
        </Section>
        <Section
          title="Tenants"
          aside={
            <AppLink href="/tenants" className="text-sm text-accent hover:underline">
              All
            </AppLink>
          }
        >
          <Query of={tenants} loading={<SkeletonRows rows={3} />}>
            {({ items }) => (
              <ul className="divide-y divide-line border-y border-line">
                {items.slice(0, 6).map((one) => (
                  <li key={one.ref}>
                    <AppLink
                      href={`/tenants/${one.ref}`}
                      className="flex min-h-9 items-center gap-4 text-sm hover:bg-hover max-md:min-h-11"
                    >
                      <span className="min-w-0 flex-1 truncate">{one.name}</span>
                      <span className="text-muted">{format.date(one.createdOn)}</span>
                      <Status state={one.status} className="w-28" />
                    </AppLink>
                  </li>
                ))}
              </ul>
            )}
          </Query>
        </Section>
      </div>
    </Page>
  );
}

function Row({ what, why, fix }: { what: ReactNode; why: string; fix: ReactNode }) {
  return (
    <li className="flex min-h-11 items-center gap-4 py-1.5 text-sm">
      <div className="min-w-0 flex-1">
        <p className="truncate">{what}</p>
        <p className="truncate text-xs text-muted">{why}</p>
      </div>
      {fix}
    </li>
  );
}
