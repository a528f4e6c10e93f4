"use client";
import { SkeletonRows } from "@leadmetrics/ui";
import { type Budget, type BudgetLimits, budgetActions, budgetQueries, Query } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { CapDesk } from "./CapDesk.tsx";

/** What agents of every tenant may use that has nothing of its own. */
export function DefaultCaps() {
  const budgets = useQuery(budgetQueries.defaults);
  const changeOf = ({ scope, role, version, limits: now }: Budget) => ({
    limits: now,
    store: (limits: BudgetLimits) => budgetActions.setDefault({ scope, role, version, limits }),
    stored: "Stored. It holds for every tenant without caps of its own.",
  });
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-prose text-sm text-muted">
        These hold for each tenant that has no caps of its own. At four fifths its people are told; at the cap
        new runs wait and go on by themselves when it is raised or the month turns.
      </p>
      <Query of={budgets} loading={<SkeletonRows rows={5} />}>
        {({ items }) => <CapDesk budgets={items} withUse={false} changeOf={changeOf} />}
      </Query>
    </div>
  );
}
