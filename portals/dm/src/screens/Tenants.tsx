"use client";
import { type Column, DataTable, EmptyState, Page, Status } from "@leadmetrics/ui";
import { dmQueries, frameQueries, Query, type Tenant } from "@leadmetrics/web";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";

/** The tenants assigned to me, with what waits for the team in each. */
export function TenantsScreen() {
  const tenants = useQuery(dmQueries.tenants);
  const items = tenants.data?.items ?? [];
  const counts = useQueries({ queries: items.map((one) => frameQueries.waiting(one.ref)) });
  const router = useRouter();
  const waiting = (ref: string) => counts[items.findIndex((one) => one.ref === ref)]?.data?.total ?? 0;
  const columns: Column<Tenant>[] = [
    { key: "name", header: "Tenant", cell: (row) => row.name },
    { key: "status", header: "State", cell: (row) => <Status state={row.status} />, width: "9rem" },
    {
      key: "waiting",
      header: "To review",
      cell: (row) => waiting(row.ref) || "",
      width: "6rem",
      align: "right",
    },
    { key: "zone", header: "Time zone", cell: (row) => row.timeZone, width: "12rem", wide: true },
  ];
  return (
    <Page title="Tenants">
      <Query of={tenants}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="building-complex" title="No tenant is assigned to you">
              A super admin assigns tenants to reviewers in the manage portal.
            </EmptyState>
          ) : (
            <DataTable
              label="Tenants"
              columns={columns}
              rows={items}
              rowKey={(row) => row.ref}
              onOpen={(row) => router.push(`/tenants/${row.ref}`)}
            />
          )
        }
      </Query>
    </Page>
  );
}
