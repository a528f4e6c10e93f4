"use client";
import { AppLink, Icon, OwesChip, Page, part, Section, SkeletonRows, Status } from "@leadmetrics/ui";
import { contentTypes, frameQueries, owedOf, Query, tenantQueries, useUndecided } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { AgentsLive } from "./home/AgentsLive.tsx";
import { FirstSteps, useFirstSteps } from "./home/FirstSteps.tsx";
import { homeSentence } from "./home/sentence.ts";
import { useLanding } from "./home/useLanding.ts";

const Goals = part(async () => (await import("./home/Goals.tsx")).Goals, <SkeletonRows rows={4} />);
const Deliverables = part(
  async () => (await import("./home/Deliverables.tsx")).Deliverables,
  <SkeletonRows rows={2} />,
);

/** Goals and waiting items that home shows; the pages of their own have all. */
const GOALS = 4;
const WAITING = 8;

/** What waits for me, how the goals stand, what the agents are doing now. */
export function HomeScreen() {
  const approvals = useQuery(frameQueries.approvals);
  const plans = useQuery(tenantQueries.plans);
  const channels = useQuery(tenantQueries.channels);
  const strategies = useQuery(tenantQueries.strategies);
  const goals = useQuery(tenantQueries.goals);
  const working = useQuery(tenantQueries.runs({ status: "working" }));
  const undecided = useUndecided();
  const first = useFirstSteps();
  useLanding();

  const waiting = (approvals.data?.items ?? []).filter((one) => !undecided.has(one.ref));
  const openPlans = (plans.data?.items ?? []).filter((plan) => plan.status === "awaiting_approval");
  const broken = (channels.data?.items ?? []).filter(
    (one) => one.status === "expired" || one.status === "unreachable",
  );
  const drafted = (strategies.data?.items ?? []).filter((one) => one.status === "draft");
  const total = waiting.length + openPlans.length + drafted.length + broken.length;
  const known = approvals.data && plans.data && strategies.data && goals.data && working.data;

  return (
    <Page title="Home">
      <div className="flex flex-col gap-8">
        <p className="min-h-8 text-lg font-semibold text-balance max-md:min-h-21" aria-live="polite">
          {known
            ? homeSentence({
                waiting: total,
                agents: working.data?.items.length ?? 0,
                goals: goals.data?.items ?? [],
                setUp: first.done,
                now: Date.now(),
              })
            : ""}
        </p>
        <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_320px]">
          <div className="flex min-w-0 flex-col gap-10">
            {first.known && !first.done ? <FirstSteps steps={first.steps} /> : null}
            <Section title="Waiting for you">
              <Query of={approvals} loading={<SkeletonRows rows={3} />}>
                {() =>
                  total === 0 ? (
                    <p className="border-y border-line py-3 text-sm text-muted">
                      Nothing right now. Drafts come here after the DM team has read them.
                    </p>
                  ) : (
                    <ul className="divide-y divide-line border-y border-line">
                      {openPlans.map((plan) => (
                        <Row
                          key={plan.ref}
                          href={`/plans/${plan.ref}`}
                          title={plan.title}
                          kind="Plan"
                          aside={<Status state="awaiting_approval" />}
                        />
                      ))}
                      {drafted.map((one) => (
                        <Row
                          key={one.ref}
                          href={`/strategy/${one.ref}`}
                          title={one.title}
                          kind="Strategy"
                          aside={<Status state="awaiting_approval" />}
                        />
                      ))}
                      {broken.map((one) => (
                        <Row
                          key={one.ref}
                          href="/channels"
                          title={one.problem || one.name}
                          kind="Channel"
                          aside={<Status state={one.status} />}
                        />
                      ))}
                      {waiting.slice(0, WAITING).map((one) => (
                        <Row
                          key={one.ref}
                          href={`/approvals?activity=${one.ref}`}
                          title={one.title}
                          kind={contentTypes[one.contentType].one}
                          aside={<OwesChip owed={owedOf(one)} />}
                        />
                      ))}
                    </ul>
                  )
                }
              </Query>
              {waiting.length > WAITING ? (
                <AppLink href="/approvals" className="text-sm text-accent hover:underline">
                  All {waiting.length} approvals
                </AppLink>
              ) : null}
            </Section>
            <AgentsLive />
          </div>
          <div className="flex min-w-0 flex-col gap-10">
            <Goals most={GOALS} />
            <Deliverables />
          </div>
        </div>
      </div>
    </Page>
  );
}

function Row({ href, title, kind, aside }: { href: string; title: string; kind: string; aside: ReactNode }) {
  return (
    <li>
      <AppLink
        href={href}
        className="flex min-h-9 items-center gap-3 py-1 text-sm hover:bg-hover max-md:py-2.5"
      >
        <span className="w-20 shrink-0 text-muted max-md:hidden">{kind}</span>
        <span className="flex min-w-0 flex-1 items-center gap-3 max-md:flex-col max-md:items-start max-md:gap-1.5">
          <span className="w-full min-w-0 flex-1 truncate" dir="auto">
            {title}
          </span>
          {aside}
        </span>
        <Icon of="chevron-right" size={14} className="shrink-0 text-muted" />
      </AppLink>
    </li>
  );
}
