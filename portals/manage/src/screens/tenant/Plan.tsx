"use client";
import { Button, Dialog, Facts, Progress, Section, Select, SkeletonRows, toast } from "@leadmetrics/ui";
import { Failure, platformActions, platformQueries, Query, useAction, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

/** What the tenant pays for and how much of it is left; the plan is changed here. */
export function Plan({ tenantRef }: { tenantRef: string }) {
  const subscription = useQuery(platformQueries.subscription(tenantRef));
  const balance = useQuery(platformQueries.balance(tenantRef));
  const offerings = useQuery(platformQueries.offerings);
  const format = useFormat();
  const [changing, setChanging] = useState(false);
  const [plan, setPlan] = useState("");
  const change = useAction(() => platformActions.changePlan(tenantRef, plan), {
    renews: ["subscriptions", "credits"],
    quiet: true,
    done: ({ planName }) => {
      setChanging(false);
      toast(`The plan is ${planName} now.`, { tone: "ok" });
    },
  });
  const chosen = offerings.data?.items.find((one) => one.planCode === plan);
  return (
    <Section
      title="Plan and credits"
      aside={
        subscription.data ? (
          <Button
            onPress={() => {
              setPlan(subscription.data?.planCode ?? "");
              setChanging(true);
            }}
          >
            Change plan…
          </Button>
        ) : undefined
      }
    >
      <Query of={subscription} loading={<SkeletonRows rows={3} />}>
        {(data) =>
          data === null ? (
            <p className="text-sm text-muted">
              Being set up: the plan of a new company is there in a moment.
            </p>
          ) : (
            <Facts
              items={[
                ["Plan", data.planName],
                ["A month", `${format.number(data.monthlyCredits)} credits`],
                ["Renews", format.date(data.renewsOn ?? undefined)],
                [
                  "Left",
                  balance.data ? (
                    <span key="l" className="flex max-w-72 flex-col gap-1.5">
                      <span className="tabular">
                        {format.number(balance.data.available)} credits
                        {balance.data.reserved > 0 ? (
                          <span className="text-muted">
                            , {format.number(balance.data.reserved)} reserved
                          </span>
                        ) : null}
                      </span>
                      {data.monthlyCredits > 0 ? (
                        <Progress
                          label="Credits left of a month's"
                          value={Math.min(1, balance.data.available / data.monthlyCredits)}
                        />
                      ) : null}
                    </span>
                  ) : undefined,
                ],
                ["Spent this month", balance.data ? format.number(balance.data.spentThisMonth) : undefined],
              ]}
            />
          )
        }
      </Query>
      <Dialog
        title="Change plan"
        isOpen={changing}
        onClose={() => setChanging(false)}
        footer={
          <>
            <Button kind="quiet" onPress={() => setChanging(false)}>
              Cancel
            </Button>
            <Button
              kind="primary"
              isPending={change.isPending}
              isDisabled={plan === subscription.data?.planCode}
              onPress={() => change.mutate(undefined)}
            >
              Change plan
            </Button>
          </>
        }
      >
        {change.error ? <Failure of={change.error} /> : null}
        <Select
          label="Plan"
          choices={(offerings.data?.items ?? []).map((one) => ({
            value: one.planCode,
            label: one.name,
            note: one.price ? format.money(one.price.minorUnits, one.price.currency) : undefined,
          }))}
          value={plan}
          onChange={setPlan}
        />
        {chosen ? (
          <p className="text-sm text-muted">
            {format.number(chosen.monthlyCredits)} credits a month, share {chosen.weight} in the admission of
            runs. What is left stays.
          </p>
        ) : null}
      </Dialog>
    </Section>
  );
}
