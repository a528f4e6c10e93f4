"use client";
import { Button, Section, SidePanel, SkeletonRows, toast } from "@leadmetrics/ui";
import {
  type Budget,
  type BudgetLimits,
  budgetActions,
  budgetQueries,
  LimitsForm,
  linesOf,
  monthAfter,
  Query,
  useAction,
  useAmount,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { CapTable } from "./CapTable.tsx";
import { metricUnits, placeKey, placeTitle } from "./words.ts";

/** What a tenant's agents may use in a month, and have used. */
export function TenantCaps({ tenantRef }: { tenantRef: string }) {
  const budgets = useQuery(budgetQueries.ofTenant(tenantRef));
  const format = useFormat();
  // A link to a cap opens it: who follows one wants to change it.
  const [open, setOpen] = useState(useSearchParams().get("cap") ?? undefined);
  const shown = budgets.data?.budgets.find((one) => placeKey(one) === open);
  return (
    <Section
      title="Caps"
      aside={
        budgets.data ? (
          <span className="text-sm text-muted">
            {format.month(`${budgets.data.month}-15T12:00:00Z`)}, anew on{" "}
            {format.day(monthAfter(budgets.data.month))}
          </span>
        ) : undefined
      }
    >
      <Query of={budgets} loading={<SkeletonRows rows={5} />}>
        {(data) => (
          <CapTable
            budgets={data.budgets}
            withUse
            open={shown}
            onOpen={(budget) => setOpen(placeKey(budget))}
          />
        )}
      </Query>
      <SidePanel
        title={shown ? placeTitle(shown) : ""}
        isOpen={shown !== undefined}
        onClose={() => setOpen(undefined)}
      >
        {shown ? (
          <Edit
            key={`${placeKey(shown)} ${shown.version}`}
            tenantRef={tenantRef}
            budget={shown}
            onClose={() => setOpen(undefined)}
          />
        ) : null}
      </SidePanel>
    </Section>
  );
}

function Edit({ tenantRef, budget, onClose }: { tenantRef: string; budget: Budget; onClose: () => void }) {
  const { scope, role, version } = budget;
  const set = useAction(
    (limits: BudgetLimits | undefined) =>
      budgetActions.setForTenant(tenantRef, { scope, role, version, ...(limits ? { limits } : {}) }),
    {
      renews: ["budgets", "runs", "audit"],
      quiet: true,
      done: () => {
        toast("Stored. Runs that waited for it are looked at again.", { tone: "ok" });
        onClose();
      },
    },
  );
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        {budget.followsDefault
          ? "The platform's default holds. What is stored here stands in its place, for this tenant alone."
          : "This tenant has its own caps here, in place of the platform's default."}
      </p>
      <Own budget={budget} />
      <LimitsForm
        limits={budget.platformLimits}
        onStore={(limits) => set.mutate(limits)}
        isPending={set.isPending}
        failure={set.error}
        aside={
          budget.followsDefault ? null : (
            <Button isPending={set.isPending} onPress={() => set.mutate(undefined)}>
              Follow the default again
            </Button>
          )
        }
      />
    </div>
  );
}

/** What the tenant itself wants less of. */
function Own({ budget }: { budget: Budget }) {
  const amount = useAmount();
  const own = linesOf({ ...budget, limits: budget.ownLimits }).filter((line) => line.limit > 0);
  if (own.length === 0) return null;
  const said = own.map(({ metric, limit }) => `${amount(metric, limit)} ${metricUnits[metric]}`.trim());
  return <p className="text-sm">Its owner keeps it to {said.join(", ")} a month.</p>;
}
