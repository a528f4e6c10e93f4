"use client";
import { type Column, DataTable, OwesChip, Status } from "@leadmetrics/ui";
import { type Activity, contentTypes, owedOf, useFormat } from "@leadmetrics/web";
import { useRouter } from "next/navigation";

/** The board's items as lines. */
export function TableView({
  rows,
  nameOf,
}: {
  rows: readonly Activity[];
  nameOf: (tenantRef: string) => string;
}) {
  const router = useRouter();
  const format = useFormat();
  const columns: Column<Activity>[] = [
    { key: "title", header: "Title", cell: (row) => <span dir="auto">{row.title}</span> },
    { key: "state", header: "State", cell: (row) => <Status state={row.status} />, width: "10rem" },
    {
      key: "tenant",
      header: "Tenant",
      cell: (row) => <span className="line-clamp-1 max-w-[10rem]">{nameOf(row.tenantRef)}</span>,
      width: "10rem",
      wide: true,
    },
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
      key: "changed",
      header: "Changed",
      cell: (row) => <span className="text-muted">{format.relative(row.updatedOn ?? row.createdOn)}</span>,
      width: "8rem",
      align: "right",
      wide: true,
    },
  ];
  return (
    <div className="px-6 pb-6 max-md:px-4">
      <DataTable
        label="Activities"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.ref}
        onOpen={(row) => router.push(`/activities/${row.tenantRef}/${row.ref}`)}
      />
    </div>
  );
}
