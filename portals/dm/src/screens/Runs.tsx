"use client";
import { AppLink, age, cx, EmptyState, Page, part, SkeletonRows, Status } from "@leadmetrics/ui";
import { costText, dmQueries, frameQueries, Query, type Run, roleTitle, whyOf } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";

const RunSkills = part(async () => (await import("./runs/RunSkills.tsx")).RunSkills);
const RunStream = part(
  async () => (await import("./runs/RunStream.tsx")).RunStream,
  <SkeletonRows rows={8} />,
);

const order = ["working", "admitted", "requested", "awaiting_credits", "awaiting_config"];
const rank = (run: Run): number => (order.includes(run.status) ? order.indexOf(run.status) : order.length);

/** Agents at work over all tenants, and what they write as they write it. */
export function RunsScreen() {
  const runs = useQuery(frameQueries.runs());
  const tenants = useQuery(dmQueries.tenants);
  const wanted = useSearchParams().get("run");
  const items = [...(runs.data?.items ?? [])].sort((a, b) => rank(a) - rank(b));
  const selected = items.find((one) => one.ref === wanted) ?? items[0];
  const nameOf = (ref: string) => tenants.data?.items.find((one) => one.ref === ref)?.name ?? "";
  return (
    <Page title="Live runs" width="fill">
      <Query
        of={runs}
        loading={
          <div className="p-6">
            <SkeletonRows rows={8} />
          </div>
        }
      >
        {() =>
          !selected ? (
            <div className="p-6">
              <EmptyState icon="bot" title="No run yet">
                Agents start when a client approves a plan, or a draft is rejected.
              </EmptyState>
            </div>
          ) : (
            <div className="flex min-h-0 flex-1">
              <nav
                aria-label="Runs"
                className={cx(
                  "sticky top-12 h-[calc(100dvh-48px)] w-80 shrink-0 overflow-auto border-r border-line max-md:static max-md:h-auto max-md:w-full max-md:border-0",
                  wanted && "max-md:hidden",
                )}
              >
                <ul>
                  {items.map((run) => (
                    <li
                      key={run.ref}
                      className={cx(
                        "border-l-2",
                        run.ref === selected.ref
                          ? "border-accent bg-selected"
                          : "border-transparent hover:bg-hover",
                      )}
                    >
                      <AppLink
                        href={`/runs?run=${run.ref}`}
                        aria-current={run.ref === selected.ref ? "true" : undefined}
                        className="flex flex-col gap-1 px-4 py-2 text-sm outline-offset-[-2px]"
                      >
                        <span className="truncate">{run.title || roleTitle(run.role)}</span>
                        <span className="flex items-center gap-2 text-xs text-muted">
                          <Status state={run.status} className="shrink-0 !text-xs" />
                          <span className="min-w-0 flex-1 truncate text-text">{roleTitle(run.role)}</span>
                          <span className="tabular shrink-0">
                            {age(Date.now() - Date.parse(run.startedOn ?? run.requestedOn ?? ""))}
                          </span>
                        </span>
                      </AppLink>
                    </li>
                  ))}
                </ul>
              </nav>
              <section
                aria-label="Run"
                className={cx(
                  "min-w-0 flex-1 px-10 py-8 max-md:px-4 max-md:py-4",
                  !wanted && "max-md:hidden",
                )}
              >
                <div className="mx-auto flex max-w-[640px] flex-col gap-4">
                  <AppLink href="/runs" className="flex min-h-11 items-center text-sm text-muted md:hidden">
                    All runs
                  </AppLink>
                  <p className="flex flex-wrap items-center gap-3 text-sm text-muted">
                    <Status state={selected.status} className="text-text" />
                    {nameOf(selected.tenantRef)}
                    {selected.attempt > 1 ? <span>attempt {selected.attempt}</span> : null}
                    <span>{costText(selected.usage, selected.credits)}</span>
                    {selected.activityRef ? (
                      <AppLink
                        className="text-accent underline underline-offset-2"
                        href={`/activities/${selected.tenantRef}/${selected.activityRef}`}
                      >
                        Open the activity
                      </AppLink>
                    ) : null}
                  </p>
                  {whyOf(selected) ? <p className="text-sm text-warn-text">{whyOf(selected)}</p> : null}
                  <RunSkills run={selected} />
                  <RunStream key={selected.ref} tenantRef={selected.tenantRef} runRef={selected.ref} />
                </div>
              </section>
            </div>
          )
        }
      </Query>
    </Page>
  );
}
