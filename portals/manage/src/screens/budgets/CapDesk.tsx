"use client";
import { Button, SidePanel, toast } from "@leadmetrics/ui";
import { type Budget, type BudgetLimits, LimitsForm, useAction } from "@leadmetrics/web";
import { type ReactNode, useState } from "react";
import { CapTable } from "./CapTable.tsx";
import { placeKey, placeTitle } from "./words.ts";

/** How one cap is changed. */
export interface CapChange {
  limits: BudgetLimits | null | undefined;
  store: (limits: BudgetLimits) => Promise<unknown>;
  /** Lets the default hold again, where it doesn't. */
  follow?: () => Promise<unknown>;
  /** What is said when it is stored. */
  stored: string;
  /** Above the form. */
  about?: ReactNode;
}

/** Caps in a table; one that is opened is changed beside it. */
export function CapDesk({
  budgets,
  withUse,
  first,
  changeOf,
}: {
  budgets: readonly Budget[];
  /** Of one tenant; the platform's defaults have no use of their own. */
  withUse: boolean;
  /** The key of the one that is open to begin with. */
  first?: string;
  changeOf: (budget: Budget) => CapChange;
}) {
  const [open, setOpen] = useState(first);
  const shown = budgets.find((one) => placeKey(one) === open);
  const close = () => setOpen(undefined);
  return (
    <>
      <CapTable
        budgets={budgets}
        withUse={withUse}
        open={shown}
        onOpen={(budget) => setOpen(placeKey(budget))}
      />
      <SidePanel title={shown ? placeTitle(shown) : ""} isOpen={shown !== undefined} onClose={close}>
        {shown ? (
          <CapForm key={`${placeKey(shown)} ${shown.version}`} change={changeOf(shown)} onClose={close} />
        ) : null}
      </SidePanel>
    </>
  );
}

function CapForm({ change, onClose }: { change: CapChange; onClose: () => void }) {
  const set = useAction((store: () => Promise<unknown>) => store(), {
    renews: ["budgets", "runs", "audit"],
    quiet: true,
    done: () => {
      toast(change.stored, { tone: "ok" });
      onClose();
    },
  });
  const { follow } = change;
  return (
    <div className="flex flex-col gap-4">
      {change.about}
      <LimitsForm
        limits={change.limits}
        onStore={(limits) => set.mutate(() => change.store(limits))}
        isPending={set.isPending}
        failure={set.error}
        aside={
          follow ? (
            <Button isPending={set.isPending} onPress={() => set.mutate(follow)}>
              Follow the default again
            </Button>
          ) : null
        }
      />
    </div>
  );
}
