"use client";
import {
  Button,
  type Column,
  DataTable,
  EmptyState,
  Icon,
  OwesChip,
  Page,
  part,
  SearchBox,
  Select,
  SkeletonRows,
  Status,
} from "@leadmetrics/ui";
import {
  type Activity,
  contentTypes,
  dmQueries,
  Failure,
  owedOf,
  Query,
  useFormat,
  useKeyMap,
} from "@leadmetrics/web";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Columns3, ListChecks, Rows3 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { boardOf } from "./activities/rules.ts";
import { type BoardFilter, boardFilterOf, isNarrow, sameFilter } from "./filters/rules.ts";
import { useSavedFilters } from "./filters/useSavedFilters.ts";

const BoardView = part(
  async () => (await import("./activities/BoardView.tsx")).BoardView,
  <SkeletonRows rows={8} />,
);
const SavedFilters = part(async () => (await import("./filters/SavedFilters.tsx")).SavedFilters);

const EVERYTHING: BoardFilter = {};

const states = [
  ["all", "Every state"],
  ["working", "Working"],
  ["dm_review", "In DM review"],
  ["client_review", "In client review"],
  ["changes_requested", "Changes requested"],
  ["approved", "Approved"],
  ["published", "Published"],
  ["unconfirmed", "Unconfirmed"],
  ["publish_failed", "Publishing failed"],
  ["failed", "Failed"],
  ["on_hold", "On hold"],
].map(([value = "", label = ""]) => ({ value, label }));

/** Everything in the making for the tenants assigned to me; what is stuck stands first. */
export function ActivitiesScreen() {
  const tenants = useQuery(dmQueries.tenants);
  const filters = useSavedFilters("board", boardFilterOf, EVERYTHING);
  const { filter, setFilter } = filters;
  const inUse = filters.saved.find((one) => sameFilter(boardFilterOf(one), filter));
  const [view, setView] = useState<"board" | "table">("board");
  const router = useRouter();
  const format = useFormat();
  const all = tenants.data?.items ?? [];
  const wanted = filter.tenantRef ? all.filter((one) => one.ref === filter.tenantRef) : all;
  const { status } = filter;
  const lists = useQueries({
    queries: wanted.map((one) => ({
      ...dmQueries.activities(one.ref, { status }),
      enabled: filters.settled,
    })),
  });
  const rows = lists
    .flatMap((list) => list.data?.items ?? [])
    .sort((a, b) => weight(a) - weight(b) || (b.updatedOn ?? "").localeCompare(a.updatedOn ?? ""));
  const failed = lists.find((list) => list.error);
  const nameOf = (ref: string) => all.find((one) => one.ref === ref)?.name ?? "";
  const found = rows.filter((row) =>
    row.title.toLowerCase().includes((filter.title ?? "").trim().toLowerCase()),
  );
  useKeyMap("Activities", {
    b: { what: "Board or table", run: () => setView(view === "board" ? "table" : "board") },
  });
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
    <Page title="Activities" width="fill">
      <div className="flex flex-wrap items-center gap-3 px-6 py-3 max-md:px-4">
        <SearchBox
          className="w-56 max-md:w-full"
          label="Words of the title"
          value={filter.title ?? ""}
          onChange={(title) => setFilter({ ...filter, title })}
        />
        <Select
          className="w-48 max-md:min-w-36 max-md:flex-1"
          hideLabel
          label="Tenant"
          choices={[
            { value: "all", label: "Every tenant" },
            ...all.map((one) => ({ value: one.ref, label: one.name })),
          ]}
          value={filter.tenantRef ?? "all"}
          onChange={(value) => setFilter({ ...filter, tenantRef: value === "all" ? undefined : value })}
        />
        <Select
          className="w-48 max-md:min-w-36 max-md:flex-1"
          hideLabel
          label="State"
          choices={states}
          value={status ?? "all"}
          onChange={(value) => setFilter({ ...filter, status: value === "all" ? undefined : value })}
        />
        <SavedFilters
          saved={filters.saved}
          inUse={inUse}
          narrow={isNarrow(filter)}
          onUse={(one) => setFilter(boardFilterOf(one))}
          onEverything={() => setFilter(EVERYTHING)}
          onSave={filters.save}
          onDefault={filters.setDefault}
          onForget={filters.forget}
        />
        <span className="flex-1 max-md:hidden" />
        <Button kind="quiet" hint="b" onPress={() => setView(view === "board" ? "table" : "board")}>
          <Icon of={view === "board" ? Rows3 : Columns3} /> {view === "board" ? "Table" : "Board"}
        </Button>
      </div>
      <Query of={tenants}>
        {() =>
          rows.length === 0 && !failed && !lists.every((list) => list.data) ? (
            <div className="px-6 max-md:px-4">
              <SkeletonRows rows={10} />
            </div>
          ) : failed && rows.length === 0 ? (
            <div className="px-6 max-md:px-4">
              <Failure of={failed.error} onRetry={() => void failed.refetch()} />
            </div>
          ) : found.length === 0 ? (
            <div className="px-6 max-md:px-4">
              <EmptyState
                icon={ListChecks}
                title={
                  all.length === 0
                    ? "No tenant is assigned to you"
                    : isNarrow(filter)
                      ? "Nothing matches this filter"
                      : "No activity here"
                }
                action={
                  all.length > 0 && isNarrow(filter) ? (
                    <Button onPress={() => setFilter(EVERYTHING)}>Show everything</Button>
                  ) : undefined
                }
              >
                {all.length === 0
                  ? "A super admin assigns tenants to reviewers."
                  : isNarrow(filter)
                    ? "Other activities may be there."
                    : "Activities appear when a client approves a plan."}
              </EmptyState>
            </div>
          ) : view === "board" ? (
            <BoardView board={boardOf(found)} nameOf={nameOf} />
          ) : (
            <div className="px-6 pb-6 max-md:px-4">
              <DataTable
                label="Activities"
                columns={columns}
                rows={found}
                rowKey={(row) => row.ref}
                onOpen={(row) => router.push(`/activities/${row.tenantRef}/${row.ref}`)}
              />
            </div>
          )
        }
      </Query>
    </Page>
  );
}

/** What is stuck comes first, then what waits for the team. */
function weight(activity: Activity): number {
  if (activity.owedBy === "nobody" || activity.escalated) return 0;
  if (["failed", "publish_failed", "unconfirmed"].includes(activity.status)) return 1;
  return activity.status === "dm_review" ? 2 : 3;
}
