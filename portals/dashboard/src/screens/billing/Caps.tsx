"use client";
import { Button, type Column, DataTable, Dialog, Section, SkeletonRows, toast } from "@leadmetrics/ui";
import {
  type Budget,
  type BudgetLimits,
  BudgetMeters,
  budgetActions,
  budgetQueries,
  fullness,
  LimitsForm,
  linesOf,
  metricNames,
  monthAfter,
  Query,
  roleTitle,
  tenantQueries,
  useAction,
  useAmount,
  useFormat,
  useMe,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

/** What agents may use this month, what they have, and how much less the owner wants of it. */
export function Caps() {
  const budgets = useQuery(budgetQueries.own);
  const isOwner = useMe()?.membership?.role === "owner";
  const format = useFormat();
  const [setting, setSetting] = useState(false);
  const month = budgets.data?.month;
  return (
    <Section
      title="What agents may use"
      aside={
        isOwner && budgets.data ? (
          <Button onPress={() => setSetting(true)}>Set your own cap…</Button>
        ) : undefined
      }
    >
      <Waiting />
      <Query of={budgets} loading={<SkeletonRows rows={3} />}>
        {(data) => {
          const whole = data.budgets.find((one) => one.scope === "tenant");
          return (
            <>
              {whole ? <BudgetMeters lines={countedOf(whole)} /> : null}
              <Roles budgets={data.budgets} />
              {month ? (
                <p className="text-sm text-muted">
                  Counted for {format.month(`${month}-15T12:00:00Z`)}; it begins anew on{" "}
                  {format.day(monthAfter(month))}. At a cap new work waits and goes on by itself.
                </p>
              ) : null}
              {whole ? (
                <OwnCap
                  key={String(setting)}
                  budget={whole}
                  isOpen={setting}
                  onClose={() => setSetting(false)}
                />
              ) : null}
            </>
          );
        }}
      </Query>
    </Section>
  );
}

/** What clients pay with is credits: what models cost isn't theirs to see. */
const countedOf = (budget: Budget) => linesOf(budget).filter(({ metric }) => metric !== "money");

/** Work that a cap holds back now, and why. */
function Waiting() {
  const runs = useQuery(tenantQueries.runs({ status: "awaiting_credits" }));
  const held = (runs.data?.items ?? []).filter((run) => run.errorClass === "budget");
  const [first] = held;
  if (!first) return null;
  return (
    <p role="status" className="border-l-2 border-warn py-1 pl-3 text-sm">
      <span className="font-semibold text-warn-text">
        {held.length} {held.length === 1 ? "run waits" : "runs wait"}.
      </span>{" "}
      {first.problem}
    </p>
  );
}

interface RoleLine {
  key: string;
  role: string;
  what: string;
  used: string;
  share: number;
}

/** Single agents that have a cap of their own. */
function Roles({ budgets }: { budgets: readonly Budget[] }) {
  const amount = useAmount();
  const format = useFormat();
  const rows = budgets
    .filter((one) => one.scope === "role")
    .flatMap((budget) =>
      countedOf(budget)
        .filter((line) => line.limit > 0)
        .map(
          (line): RoleLine => ({
            key: `${budget.role} ${line.metric}`,
            role: budget.role,
            what: metricNames[line.metric],
            used: `${amount(line.metric, line.used)} of ${amount(line.metric, line.limit)}`,
            share: fullness(line),
          }),
        ),
    );
  if (rows.length === 0) return null;
  const columns: Column<RoleLine>[] = [
    {
      key: "role",
      header: "Agent",
      cell: (row) => <span className="text-agent">{roleTitle(row.role)}</span>,
    },
    { key: "what", header: "Cap on", cell: (row) => row.what, width: "8rem", wide: true },
    { key: "used", header: "Used", cell: (row) => row.used, align: "right" },
    {
      key: "share",
      header: "Used or held",
      cell: (row) => format.percent(Math.min(1, row.share)),
      align: "right",
      width: "7rem",
      wide: true,
    },
  ];
  return <DataTable label="Caps of single agents" columns={columns} rows={rows} rowKey={(row) => row.key} />;
}

function OwnCap({ budget, isOpen, onClose }: { budget: Budget; isOpen: boolean; onClose: () => void }) {
  const set = useAction((limits: BudgetLimits) => budgetActions.setOwn(limits), {
    renews: ["budgets", "runs"],
    quiet: true,
    done: () => {
      toast("Stored. Work that waited for it goes on by itself.", { tone: "ok" });
      onClose();
    },
  });
  return (
    <Dialog title="Your own cap" isOpen={isOpen} onClose={onClose}>
      <p className="mb-4 text-sm text-muted">
        How much your agents may use in a month, if that is to be less than you are given. Work under way
        finishes; new work waits at the cap.
      </p>
      <LimitsForm
        withMoney={false}
        limits={budget.ownLimits}
        onStore={(limits) => set.mutate(limits)}
        isPending={set.isPending}
        failure={set.error}
      />
    </Dialog>
  );
}
