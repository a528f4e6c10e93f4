"use client";
import { SidePanel, SkeletonRows, toast } from "@leadmetrics/ui";
import {
  type Budget,
  type BudgetLimits,
  budgetActions,
  budgetQueries,
  LimitsForm,
  Query,
  useAction,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CapTable } from "./CapTable.tsx";
import { placeKey, placeTitle } from "./words.ts";

/** What agents of every tenant may use that has nothing of its own. */
export function DefaultCaps() {
  const budgets = useQuery(budgetQueries.defaults);
  const [open, setOpen] = useState<string>();
  const shown = budgets.data?.items.find((one) => placeKey(one) === open);
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-prose text-sm text-muted">
        These hold for each tenant that has no caps of its own. At four fifths its people are told; at the cap
        new runs wait and go on by themselves when it is raised or the month turns.
      </p>
      <Query of={budgets} loading={<SkeletonRows rows={5} />}>
        {({ items }) => (
          <CapTable
            budgets={items}
            withUse={false}
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
            budget={shown}
            onClose={() => setOpen(undefined)}
          />
        ) : null}
      </SidePanel>
    </div>
  );
}

function Edit({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const { scope, role, version } = budget;
  const set = useAction(
    (limits: BudgetLimits) => budgetActions.setDefault({ scope, role, version, limits }),
    {
      renews: ["budgets", "runs", "audit"],
      quiet: true,
      done: () => {
        toast("Stored. It holds for every tenant without caps of its own.", { tone: "ok" });
        onClose();
      },
    },
  );
  return (
    <LimitsForm
      limits={budget.limits}
      onStore={(limits) => set.mutate(limits)}
      isPending={set.isPending}
      failure={set.error}
    />
  );
}
