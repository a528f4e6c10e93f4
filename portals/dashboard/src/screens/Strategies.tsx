"use client";
import { ButtonLink, type Column, DataTable, EmptyState, Page, Section, Status } from "@leadmetrics/ui";
import { Query, type Strategy, tenantQueries, useFormat, useMayEdit } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { Goals } from "./home/Goals.tsx";

/** Strategies and the goals they set. */
export function StrategiesScreen() {
  const strategies = useQuery(tenantQueries.strategies);
  const router = useRouter();
  const format = useFormat();
  const mayEdit = useMayEdit();
  const create = mayEdit ? (
    <ButtonLink kind="primary" href="/strategy/new">
      New strategy
    </ButtonLink>
  ) : null;
  const columns: Column<Strategy>[] = [
    { key: "title", header: "Strategy", cell: (row) => row.title },
    { key: "state", header: "State", cell: (row) => <Status state={row.status} />, width: "9rem" },
    {
      key: "horizon",
      header: "Horizon",
      cell: (row) => `${row.horizonMonths} months`,
      width: "7rem",
      wide: true,
    },
    {
      key: "goals",
      header: "Goals",
      cell: (row) => row.goals.length,
      align: "right",
      width: "4rem",
      wide: true,
    },
    {
      key: "changed",
      header: "Changed",
      cell: (row) => <span className="text-muted">{format.relative(row.updatedOn ?? row.createdOn)}</span>,
      align: "right",
      width: "8rem",
      wide: true,
    },
  ];
  return (
    <Page title="Strategy" actions={strategies.data?.items.length ? create : null}>
      <Query of={strategies}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="target" title="No strategy yet" action={create}>
              A strategy names the goals for the coming months. Plans serve its goals, and every draft is
              written with them in mind.
            </EmptyState>
          ) : (
            <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_320px]">
              <Section title="Strategies">
                <DataTable
                  label="Strategies"
                  columns={columns}
                  rows={items}
                  rowKey={(row) => row.ref}
                  onOpen={(row) => router.push(`/strategy/${row.ref}`)}
                />
              </Section>
              <Goals />
            </div>
          )
        }
      </Query>
    </Page>
  );
}
