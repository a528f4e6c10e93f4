"use client";
import { Button, EmptyState, Icon, Page, part, SearchBox, Select, SkeletonRows } from "@leadmetrics/ui";
import { ACTIVITIES_PAGE, dmQueries, Failure, Query, useKeyMap } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { boardOf } from "./activities/rules.ts";
import { useBoard } from "./activities/useBoard.ts";
import { type BoardFilter, boardFilterOf, isNarrow, sameFilter } from "./filters/rules.ts";
import { useSavedFilters } from "./filters/useSavedFilters.ts";

const BoardView = part(
  async () => (await import("./activities/BoardView.tsx")).BoardView,
  <SkeletonRows rows={8} />,
);
const TableView = part(
  async () => (await import("./activities/TableView.tsx")).TableView,
  <SkeletonRows rows={10} />,
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
  const all = tenants.data?.items ?? [];
  const wanted = filter.tenantRef ? all.filter((one) => one.ref === filter.tenantRef) : all;
  const { status } = filter;
  const board = useBoard(wanted, filter, filters.settled);
  const { rows: found, failed } = board;
  const nameOf = (ref: string) => all.find((one) => one.ref === ref)?.name ?? "";
  useKeyMap("Activities", {
    b: { what: "Board or table", run: () => setView(view === "board" ? "table" : "board") },
  });
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
          <Icon of={view === "board" ? "rows-3" : "columns-3"} /> {view === "board" ? "Table" : "Board"}
        </Button>
      </div>
      {board.hasOlder ? (
        <p className="px-6 pb-2 text-sm text-muted max-md:px-4">
          The newest {ACTIVITIES_PAGE} of each tenant are here.{" "}
          {filter.title?.trim() ? "More have this in their title." : "Older ones are found by their title."}
        </p>
      ) : null}
      <Query of={tenants}>
        {() =>
          found.length === 0 && !failed && (board.isPending || board.isSearching) ? (
            <div className="px-6 max-md:px-4">
              <SkeletonRows rows={10} />
            </div>
          ) : failed && found.length === 0 ? (
            <div className="px-6 max-md:px-4">
              <Failure of={failed.error} onRetry={() => void failed.refetch()} />
            </div>
          ) : found.length === 0 ? (
            <div className="px-6 max-md:px-4">
              <EmptyState
                icon="list-checks"
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
            <TableView rows={found} nameOf={nameOf} />
          )
        }
      </Query>
    </Page>
  );
}
