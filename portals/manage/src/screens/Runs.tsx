"use client";
import { type Column, DataTable, EmptyState, Page, Select, Status } from "@leadmetrics/ui";
import { adminQueries, costText, Query, type Run, roleTitle, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTenantNames } from "./useTenantNames.ts";

const states = [
  ["all", "Every state"],
  ["working", "Working"],
  ["requested", "Requested"],
  ["awaiting_credits", "Awaiting credits"],
  ["awaiting_config", "Awaiting configuration"],
  ["succeeded", "Succeeded"],
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
].map(([value = "", label = ""]) => ({ value, label }));

/** What agents did over all tenants, newest first. */
export function RunsScreen() {
  const [status, setStatus] = useState("all");
  const runs = useQuery(adminQueries.runs({ status: status === "all" ? undefined : status }));
  const format = useFormat();
  const nameOf = useTenantNames();
  const router = useRouter();
  const columns: Column<Run>[] = [
    { key: "title", header: "Run", cell: (row) => row.title || roleTitle(row.role) },
    { key: "state", header: "State", cell: (row) => <Status state={row.status} />, width: "11rem" },
    {
      key: "role",
      header: "Role",
      cell: (row) => <span className="text-agent">{roleTitle(row.role)}</span>,
      width: "11rem",
      wide: true,
    },
    { key: "tenant", header: "Tenant", cell: (row) => nameOf(row.tenantRef), width: "10rem", wide: true },
    {
      key: "cost",
      header: "Cost",
      cell: (row) => costText(row.usage, row.credits),
      width: "9rem",
      align: "right",
      wide: true,
    },
    {
      key: "when",
      header: "Asked for",
      cell: (row) => <span className="text-muted">{format.relative(row.requestedOn ?? undefined)}</span>,
      width: "9rem",
      align: "right",
      wide: true,
    },
  ];
  return (
    <Page title="Runs">
      <Select
        className="mb-4 max-w-56"
        hideLabel
        label="State"
        choices={states}
        value={status}
        onChange={setStatus}
      />
      <Query of={runs}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="bot" title="No runs here">
              Agents start when a client approves a plan.
            </EmptyState>
          ) : (
            <DataTable
              label="Runs"
              columns={columns}
              rows={items}
              rowKey={(row) => row.ref}
              onOpen={(row) => router.push(`/runs/${row.tenantRef}/${row.ref}`)}
            />
          )
        }
      </Query>
    </Page>
  );
}
