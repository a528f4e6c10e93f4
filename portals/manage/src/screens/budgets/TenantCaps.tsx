"use client";
import { Section, SkeletonRows } from "@leadmetrics/ui";
import {
  type Budget,
  type BudgetLimits,
  budgetActions,
  budgetQueries,
  linesOf,
  monthAfter,
  Query,
  useAmount,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { CapDesk } from "./CapDesk.tsx";
import { metricUnits } from "./words.ts";

/** What a tenant's agents may use in a month, and have used. */
export function TenantCaps({ tenantRef }: { tenantRef: string }) {
  const budgets = useQuery(budgetQueries.ofTenant(tenantRef));
  const format = useFormat();
  // A link to a cap opens it: who follows one wants to change it.
  const first = useSearchParams().get("cap") ?? undefined;
  const changeOf = (budget: Budget) => {
    const { scope, role, version } = budget;
    const place = { scope, role, version };
    return {
      limits: budget.platformLimits,
      store: (limits: BudgetLimits) => budgetActions.setForTenant(tenantRef, { ...place, limits }),
      follow: budget.followsDefault ? undefined : () => budgetActions.setForTenant(tenantRef, place),
      stored: "Stored. Runs that waited for it are looked at again.",
      about: <About budget={budget} />,
    };
  };
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
        {(data) => <CapDesk budgets={data.budgets} withUse first={first} changeOf={changeOf} />}
      </Query>
    </Section>
  );
}

/** Whose word a cap is. */
function About({ budget }: { budget: Budget }) {
  return (
    <>
      <p className="text-sm text-muted">
        {budget.followsDefault
          ? "The platform's default holds. What is stored here stands in its place, for this tenant alone."
          : "This tenant has its own caps here, in place of the platform's default."}
      </p>
      <Own budget={budget} />
    </>
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
