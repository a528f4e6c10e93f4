"use client";
import { type Column, DataTable } from "@leadmetrics/ui";
import { contentTypes, type Deliverable, type Plan, tenantQueries, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { creditsOf } from "./rules.ts";

/** The deliverables of a plan that can't be changed any more, or not by this person. */
export function Deliverables({ plan }: { plan: Plan }) {
  const channels = useQuery(tenantQueries.channels);
  const goals = useQuery(tenantQueries.goals);
  const templates = useQuery(tenantQueries.templates);
  const format = useFormat();
  const namesIn = (
    list: readonly { ref: string; name: string }[] | undefined,
    refs: readonly (string | undefined)[],
  ) => refs.flatMap((ref) => list?.find((one) => one.ref === ref)?.name ?? []).join(", ");
  const columns: Column<Deliverable>[] = [
    { key: "what", header: "Deliverable", cell: (row) => contentTypes[row.contentType].many },
    { key: "quantity", header: "Quantity", cell: (row) => row.quantity, width: "5rem" },
    { key: "theme", header: "What it is about", cell: (row) => row.theme, wide: true },
    {
      key: "channel",
      header: "Published on",
      cell: (row) => namesIn(channels.data?.items, row.channelRefs ?? []),
      wide: true,
    },
    { key: "goal", header: "Serves", cell: (row) => namesIn(goals.data?.items, [row.goalRef]), wide: true },
    {
      key: "credits",
      header: "Credits",
      cell: (row) => format.number(creditsOf(row, templates.data?.items ?? [])),
      align: "right",
      width: "6rem",
    },
  ];
  return (
    <DataTable
      label="Deliverables"
      columns={columns}
      rows={plan.deliverables}
      rowKey={(row) => row.ref ?? row.contentType}
    />
  );
}
