"use client";
import {
  ButtonLink,
  type Column,
  DataTable,
  EmptyState,
  OwesChip,
  Page,
  Select,
  Status,
} from "@leadmetrics/ui";
import { type Activity, contentTypes, More, owedOf, Query, tenantQueries, useFormat } from "@leadmetrics/web";
import { useInfiniteQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";

const states = [
  { value: "all", label: "Every state" },
  ...[
    "working",
    "dm_review",
    "client_review",
    "changes_requested",
    "approved",
    "published",
    "publish_failed",
    "failed",
    "on_hold",
    "cancelled",
  ].map((value) => ({
    value,
    label: value
      .replace(/_/g, " ")
      .replace(/^./, (letter) => letter.toUpperCase())
      .replace("Dm", "DM"),
  })),
];
const types = [
  { value: "all", label: "Every kind" },
  ...Object.entries(contentTypes).map(([value, name]) => ({ value, label: name.many })),
];

/** All content, newest first, whatever its state. */
export function LibraryScreen() {
  const [status, setStatus] = useState("all");
  const [contentType, setType] = useState("all");
  const router = useRouter();
  const format = useFormat();
  const filter = {
    status: status === "all" ? undefined : status,
    contentType: contentType === "all" ? undefined : contentType,
  };
  const activities = useInfiniteQuery(tenantQueries.activities(filter));
  const columns: Column<Activity>[] = [
    { key: "title", header: "Title", cell: (row) => row.title },
    { key: "state", header: "State", cell: (row) => <Status state={row.status} />, width: "10rem" },
    {
      key: "kind",
      header: "Kind",
      cell: (row) => contentTypes[row.contentType].one,
      width: "7rem",
      wide: true,
    },
    {
      key: "owed",
      header: "Next move",
      cell: (row) => <OwesChip owed={owedOf(row)} />,
      width: "13rem",
      wide: true,
    },
    {
      key: "updated",
      header: "Changed",
      cell: (row) => <span className="text-muted">{format.relative(row.updatedOn ?? row.createdOn)}</span>,
      width: "8rem",
      align: "right",
      wide: true,
    },
  ];
  return (
    <Page title="Content">
      <div className="mb-4 flex max-w-md gap-3">
        <Select
          className="flex-1"
          hideLabel
          label="State"
          choices={states}
          value={status}
          onChange={setStatus}
        />
        <Select
          className="flex-1"
          hideLabel
          label="Kind"
          choices={types}
          value={contentType}
          onChange={setType}
        />
      </div>
      <Query of={activities}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0) {
            return (
              <EmptyState
                icon={FileText}
                title="No content here"
                action={
                  status === "all" && contentType === "all" ? (
                    <ButtonLink href="/plans">Open plans</ButtonLink>
                  ) : undefined
                }
              >
                {status === "all" && contentType === "all"
                  ? "Content appears when a plan is approved and the planner has turned it into activities."
                  : "Nothing has this state and kind."}
              </EmptyState>
            );
          }
          return (
            <>
              <DataTable
                label="Content"
                columns={columns}
                rows={rows}
                rowKey={(row) => row.ref}
                onOpen={(row) => router.push(`/content/${row.ref}`)}
              />
              <More of={activities} />
            </>
          );
        }}
      </Query>
    </Page>
  );
}
