"use client";
import { Button, ButtonLink, EmptyState, SkeletonRows, Status } from "@leadmetrics/ui";
import { frameQueries, Query, tenantQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { ConnectWordPress } from "../channels/ConnectWordPress.tsx";
import { CompanyForm } from "../settings/CompanyForm.tsx";
import type { StepProps } from "./StepFrame.tsx";
import { useSettle } from "./useSettle.ts";

/** What the company is called, and how it writes dates and money. */
export function CompanyStep({ mayEdit }: StepProps) {
  const tenant = useQuery(frameQueries.tenant);
  const settle = useSettle("company");
  return (
    <Query of={tenant} loading={<SkeletonRows rows={4} />}>
      {(one) => (
        <div className="flex flex-col gap-3">
          <CompanyForm
            key={one.version}
            tenant={one}
            label="Save and go on"
            onSaved={() => settle.mutate("done")}
          />
          {mayEdit ? null : <OnlyLooking />}
        </div>
      )}
    </Query>
  );
}

/** Where approved posts go. */
export function ChannelsStep({ mayEdit }: StepProps) {
  const channels = useQuery(tenantQueries.channels);
  const settle = useSettle("channels");
  return (
    <Query of={channels}>
      {({ items }) => (
        <div className="flex flex-col gap-6">
          {items.length > 0 ? (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((channel) => (
                <li key={channel.ref} className="flex min-h-11 items-center gap-4 py-2 text-sm">
                  <span className="min-w-0 flex-1 truncate">{channel.name}</span>
                  <Status state={channel.status} />
                </li>
              ))}
            </ul>
          ) : mayEdit ? (
            <div className="max-w-[480px]">
              <ConnectWordPress onDone={() => settle.mutate("done")} />
            </div>
          ) : (
            <OnlyLooking />
          )}
          {mayEdit ? (
            <div className="flex flex-wrap gap-2">
              {items.length > 0 ? (
                <Button kind="primary" isPending={settle.isPending} onPress={() => settle.mutate("done")}>
                  Go on
                </Button>
              ) : (
                <Button kind="quiet" isPending={settle.isPending} onPress={() => settle.mutate("skipped")}>
                  Connect one later
                </Button>
              )}
            </div>
          ) : null}
        </div>
      )}
    </Query>
  );
}

/** What is made: the strategy says what for, the plan how much. */
export function PlanStep({ mayEdit }: StepProps) {
  const strategies = useQuery(tenantQueries.strategies);
  const plans = useQuery(tenantQueries.plans);
  const settle = useSettle("plan");
  const strategy = strategies.data?.items[0];
  const plan = plans.data?.items[0];
  const approved = plans.data?.items.some((one) => one.status !== "awaiting_approval");
  return (
    <div className="flex flex-col gap-6">
      <Query of={plans}>
        {() => (
          <EmptyState
            icon="calendar-range"
            title={
              approved
                ? "A plan is approved: the agents are at work"
                : plan
                  ? "A plan waits for you"
                  : "No plan yet"
            }
            action={
              <div className="flex flex-wrap gap-2">
                <ButtonLink href={plan ? `/plans/${plan.ref}` : "/plans/new"} kind="primary">
                  {plan ? "Open the plan" : "Make a plan"}
                </ButtonLink>
                <ButtonLink href={strategy ? `/strategy/${strategy.ref}` : "/strategy/new"}>
                  {strategy ? "Open the strategy" : "Write a strategy first"}
                </ButtonLink>
              </div>
            }
          >
            A strategy names the goals, a plan how many posts serve them. Nothing is made before you have
            approved a plan, and nothing is published before you have approved the post.
          </EmptyState>
        )}
      </Query>
      {mayEdit ? (
        <div>
          <Button
            kind={approved ? "primary" : "quiet"}
            isPending={settle.isPending}
            onPress={() => settle.mutate(approved ? "done" : "skipped")}
          >
            {approved ? "Finish" : "Plan later"}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function OnlyLooking() {
  return <p className="text-sm text-muted">An owner or admin of your company fills this in.</p>;
}
