"use client";
import { ButtonLink, EmptyState, Page, part, Select, SkeletonRows, statusWord } from "@leadmetrics/ui";
import { clientQueries, contentTypes, Query, tenantQueries, useMayEdit } from "@leadmetrics/web";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { BulkBar } from "./library/BulkBar.tsx";

const LibraryTable = part(
  async () => (await import("./library/LibraryTable.tsx")).LibraryTable,
  <SkeletonRows />,
);

const states = [
  { value: "all", label: "Every state" },
  ...[
    "working",
    "dm_review",
    "client_review",
    "changes_requested",
    "approved",
    "scheduled",
    "published",
    "publish_failed",
    "failed",
    "on_hold",
    "cancelled",
  ].map((value) => ({ value, label: statusWord(value).word })),
];
const types = [
  { value: "all", label: "Every kind" },
  ...Object.entries(contentTypes).map(([value, name]) => ({ value, label: name.many })),
];

/** All content, newest first, whatever its state; what is picked is changed together. */
export function LibraryScreen() {
  const [status, setStatus] = useState("all");
  const [contentType, setType] = useState("all");
  const [planRef, setPlan] = useState("all");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const mayEdit = useMayEdit();
  const plans = useQuery(tenantQueries.plans);
  const chosen = (value: string) => (value === "all" ? undefined : value);
  const library = useInfiniteQuery(
    clientQueries.library({
      status: chosen(status),
      contentType: chosen(contentType),
      planRef: chosen(planRef),
    }),
  );
  const rows = useMemo(() => library.data?.pages.flatMap((page) => page.items) ?? [], [library.data]);
  const { isFetchingNextPage, fetchNextPage } = library;
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  const pick = (refs: readonly string[], is: boolean) => {
    const next = new Set(picked);
    for (const ref of refs) is ? next.add(ref) : next.delete(ref);
    setPicked(next);
  };
  const unfiltered = [status, contentType, planRef].every((value) => value === "all");
  const planChoices = [
    { value: "all", label: "Every plan" },
    ...(plans.data?.items ?? []).map((plan) => ({ value: plan.ref, label: plan.title })),
  ];
  return (
    <Page title="Content">
      <div className="mb-4 flex max-w-2xl flex-wrap gap-3">
        <Select
          className="min-w-36 flex-1"
          hideLabel
          label="State"
          choices={states}
          value={status}
          onChange={setStatus}
        />
        <Select
          className="min-w-36 flex-1"
          hideLabel
          label="Kind"
          choices={types}
          value={contentType}
          onChange={setType}
        />
        <Select
          className="min-w-36 flex-1"
          hideLabel
          label="Plan"
          choices={planChoices}
          value={planRef}
          onChange={setPlan}
        />
      </div>
      <Query of={library}>
        {() =>
          rows.length === 0 ? (
            <EmptyState
              icon="file-text"
              title="No content here"
              action={unfiltered ? <ButtonLink href="/plans">Open plans</ButtonLink> : undefined}
            >
              {unfiltered
                ? "Content appears when a plan is approved and the planner has turned it into activities."
                : "Nothing has this state, kind and plan."}
            </EmptyState>
          ) : (
            <LibraryTable
              rows={rows}
              picked={picked}
              onPick={pick}
              onEnd={onEnd}
              hasMore={library.hasNextPage}
            />
          )
        }
      </Query>
      {mayEdit ? (
        <BulkBar picked={rows.filter((row) => picked.has(row.ref))} onDone={() => setPicked(new Set())} />
      ) : null}
    </Page>
  );
}
