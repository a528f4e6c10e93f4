"use client";
import { ButtonLink, type Column, DataTable, EmptyState, Page, Status } from "@leadmetrics/ui";
import { type Plan, Query, tenantQueries, useFormat, useMayEdit } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";

/** Deliverable plans: without an approved one nothing is produced. */
export function PlansScreen() {
  const plans = useQuery(tenantQueries.plans);
  const router = useRouter();
  const format = useFormat();
  const mayEdit = useMayEdit();
  const create = mayEdit ? (
    <ButtonLink kind="primary" href="/plans/new">
      New plan
    </ButtonLink>
  ) : null;
  const columns: Column<Plan>[] = [
    { key: "title", header: "Plan", cell: (row) => row.title },
    { key: "state", header: "State", cell: (row) => <Status state={row.status} />, width: "11rem" },
    {
      key: "time",
      header: "Period",
      cell: (row) => `${format.date(row.start)} – ${format.date(row.end)}`,
      width: "15rem",
      wide: true,
    },
    {
      key: "items",
      header: "Items",
      cell: (row) => row.deliverables.reduce((sum, one) => sum + one.quantity, 0),
      align: "right",
      width: "5rem",
      wide: true,
    },
    {
      key: "credits",
      header: "Credits",
      cell: (row) => format.number(row.estimatedCredits),
      align: "right",
      width: "6rem",
      wide: true,
    },
  ];
  return (
    <Page title="Plans" actions={plans.data?.items.length ? create : null}>
      <Query of={plans}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="calendar-range" title="No plan yet" action={create}>
              A plan says how many blog and social posts come in a period. When you approve one, the agents
              plan the items and start writing.
            </EmptyState>
          ) : (
            <DataTable
              label="Plans"
              columns={columns}
              rows={items}
              rowKey={(row) => row.ref}
              onOpen={(row) => router.push(`/plans/${row.ref}`)}
            />
          )
        }
      </Query>
    </Page>
  );
}
