"use client";
import {
  Code,
  type Column,
  DataTable,
  EmptyState,
  Facts,
  Page,
  Select,
  SidePanel,
  Status,
} from "@leadmetrics/ui";
import { adminQueries, costText, Query, type Run, roleTitle, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import { useState } from "react";

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
  const [open, setOpen] = useState<Run>();
  const runs = useQuery(adminQueries.runs({ status: status === "all" ? undefined : status }));
  const tenants = useQuery(adminQueries.tenants);
  const format = useFormat();
  const nameOf = (ref: string) => tenants.data?.items.find((one) => one.ref === ref)?.name ?? ref;
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
            <EmptyState icon={Bot} title="No runs here">
              Agents start when a client approves a plan.
            </EmptyState>
          ) : (
            <DataTable
              label="Runs"
              columns={columns}
              rows={items}
              rowKey={(row) => row.ref}
              onOpen={setOpen}
              selectedKey={open?.ref}
            />
          )
        }
      </Query>
      <SidePanel title={open?.title || "Run"} isOpen={open !== undefined} onClose={() => setOpen(undefined)}>
        {open ? (
          <Facts
            items={[
              ["State", <Status key="s" state={open.status} />],
              ["Problem", open.problem],
              ["Kind of error", open.errorClass],
              ["Role", roleTitle(open.role)],
              ["Tenant", nameOf(open.tenantRef)],
              ["Model", [open.adapter, open.model].filter(Boolean).join(" · ")],
              ["Attempt", open.attempt],
              [
                "Tokens",
                open.usage
                  ? `${format.number(Number(open.usage.inputTokens))} in, ${format.number(Number(open.usage.outputTokens))} out`
                  : undefined,
              ],
              ["Cost", costText(open.usage, open.credits)],
              ["Asked for", format.dateTime(open.requestedOn ?? undefined)],
              ["Started", format.dateTime(open.startedOn ?? undefined)],
              ["Finished", format.dateTime(open.finishedOn ?? undefined)],
              ["Reference", <Code key="r">{open.ref}</Code>],
            ]}
          />
        ) : null}
      </SidePanel>
    </Page>
  );
}
