"use client";
import { type Column, DataTable, SidePanel, SkeletonRows } from "@leadmetrics/ui";
import {
  budgetActions,
  budgetQueries,
  type Fallback,
  platformQueries,
  Query,
  type Role,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FallbackForm } from "./FallbackForm.tsx";
import { ANY, stepsText } from "./fallback-rules.ts";

interface Line {
  role: string;
  title: string;
  own?: Fallback;
  /** What holds where there is nothing of its own. */
  otherwise: string;
}

/** What roles of every tenant go on with when their first model does not answer. */
export function DefaultFallbacks() {
  const roles = useQuery(platformQueries.roles);
  const fallbacks = useQuery(budgetQueries.fallbacks);
  const [open, setOpen] = useState<string>();
  const columns: Column<Line>[] = [
    {
      key: "role",
      header: "Role",
      cell: (row) => <span className={row.role === ANY ? "font-semibold" : "text-agent"}>{row.title}</span>,
      width: "16rem",
    },
    {
      key: "steps",
      header: "Goes on with",
      cell: (row) =>
        row.own ? stepsText(row.own.steps) : <span className="text-muted">{row.otherwise}</span>,
    },
  ];
  return (
    <div className="flex flex-col gap-4">
      <p className="max-w-prose text-sm text-muted">
        When a role's model is out of reach, overloaded or used up after its retries, or refuses its key, the
        run goes on with these in order. Tenants whose data stays on the platform never reach a cloud model.
      </p>
      <Query of={roles} loading={<SkeletonRows rows={5} />}>
        {(known) => (
          <Query of={fallbacks} loading={<SkeletonRows rows={5} />}>
            {({ items }) => {
              const lines = linesOf(known.items, items);
              const shown = lines.find((one) => one.role === open);
              return (
                <>
                  <DataTable
                    label="Fallbacks"
                    columns={columns}
                    rows={lines}
                    rowKey={(row) => row.role}
                    onOpen={(row) => setOpen(row.role)}
                    selectedKey={open}
                  />
                  <SidePanel
                    title={shown?.title ?? ""}
                    isOpen={shown !== undefined}
                    onClose={() => setOpen(undefined)}
                  >
                    {shown ? (
                      <FallbackForm
                        key={`${shown.role} ${shown.own?.version}`}
                        fallback={shown.own ?? { steps: [], version: 0 }}
                        store={(change) => budgetActions.setDefaultFallback({ role: shown.role, ...change })}
                        test={budgetActions.testDefaultFallback}
                        onClose={() => setOpen(undefined)}
                      />
                    ) : null}
                  </SidePanel>
                </>
              );
            }}
          </Query>
        )}
      </Query>
    </div>
  );
}

function linesOf(roles: readonly Role[], fallbacks: readonly Fallback[]): Line[] {
  const of = (role: string) => fallbacks.find((one) => one.role === role);
  const all = of(ANY);
  const asAll = all ? `${stepsText(all.steps)}, as all roles` : "nothing";
  return [
    { role: ANY, title: "All roles without their own", own: all, otherwise: "nothing" },
    ...roles.map((role) => ({ role: role.name, title: role.title, own: of(role.name), otherwise: asAll })),
  ];
}
