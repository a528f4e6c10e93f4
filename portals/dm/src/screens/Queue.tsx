"use client";
import { Button, EmptyState, Page, SkeletonRows } from "@leadmetrics/ui";
import {
  type Activity,
  dmQueries,
  Query,
  type Revision,
  reviewQueries,
  useKeyMap,
  useUndecided,
} from "@leadmetrics/web";
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { ScanEye } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import { BulkBar } from "./queue/BulkBar.tsx";
import { EditDraft } from "./queue/EditDraft.tsx";
import { FilterBar } from "./queue/FilterBar.tsx";
import { isNarrow } from "./queue/filters.ts";
import { QueueList } from "./queue/QueueList.tsx";
import { RejectDraft } from "./queue/RejectDraft.tsx";
import { Review } from "./queue/Review.tsx";
import { useOthersClaims } from "./queue/useClaim.ts";
import { useDecisions } from "./queue/useDecisions.ts";
import { useFilters } from "./queue/useFilters.ts";
import { WritingStrip } from "./queue/WritingStrip.tsx";

interface Editing {
  activity: Activity;
  revision: Revision;
  despiteClaim: boolean;
}

/** The address names the draft; changed without asking the server, because j and k are pressed quickly. */
const show = (ref: string | undefined) =>
  history.replaceState(null, "", ref ? `/queue?activity=${ref}` : "/queue");

/** The draft after this one, so that it is there at once. */
function usePrefetch(next: Activity | undefined) {
  const client = useQueryClient();
  useEffect(() => {
    if (next) void client.prefetchQuery(dmQueries.activity(next.tenantRef, next.ref));
  }, [client, next]);
}

/** What waits for a reviewer over all tenants, oldest promise first; one draft at a time beside it. */
export function QueueScreen() {
  const filters = useFilters();
  const queue = useInfiniteQuery({
    ...reviewQueries.queue(filters.filter),
    placeholderData: keepPreviousData,
  });
  const tenants = useQuery(dmQueries.tenants);
  const undecided = useUndecided();
  const decisions = useDecisions();
  const claims = useOthersClaims();
  const wanted = useSearchParams().get("activity");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [rejectingPicked, setRejectingPicked] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const [editing, setEditing] = useState<Editing>();
  /** Where the person is, for when the draft they are at leaves the list. */
  const [place, setPlace] = useState(0);

  const items = (queue.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((one) => !undecided.has(one.ref));
  const found = items.findIndex((one) => one.ref === wanted);
  const index = found >= 0 ? found : Math.min(place, Math.max(0, items.length - 1));
  const selected = items[index];
  const counted = queue.data?.pages[0]?.total;
  const total = counted === undefined ? undefined : Math.max(0, counted - undecided.size);
  const nameOf = (ref: string) => tenants.data?.items.find((one) => one.ref === ref)?.name ?? "";
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = queue;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const go = (to: number) => {
    const at = Math.min(items.length - 1, Math.max(0, to));
    const next = items[at];
    if (!next) return;
    setPlace(at);
    show(next.ref);
    window.scrollTo({ top: 0 });
  };
  /** On to what comes after the decided draft, or before it when it was the last. */
  const pass = () => {
    setPlace(index);
    show((items[index + 1] ?? items[index - 1])?.ref);
    window.scrollTo({ top: 0 });
  };
  const pick = (ref: string) => {
    const next = new Set(picked);
    if (!next.delete(ref)) next.add(ref);
    setPicked(next);
  };
  const bulk = items.filter((one) => picked.has(one.ref));
  const approvePicked = () => {
    if (bulk.length === 0) return;
    decisions.approve(bulk);
    setPicked(new Set());
  };
  /** While a draft is edited, no key reaches the list behind it. */
  const key = (what: string, run: () => void) => ({ what, run: () => (editing ? undefined : run()) });
  useKeyMap("The queue", {
    j: key("Next draft", () => go(index + 1)),
    k: key("Previous draft", () => go(index - 1)),
    x: key("Pick for bulk", () => selected && pick(selected.ref)),
    X: key("Pick all that are loaded", () => setPicked(new Set(items.map((one) => one.ref)))),
    A: key("Approve the picked", approvePicked),
    R: key("Reject the picked", () => bulk.length > 0 && setRejectingPicked(true)),
    f: key("Filter", () => setFiltering(!filtering)),
  });
  usePrefetch(items[index + 1]);

  if (editing)
    return (
      <Page title="Edit" crumbs={[{ href: "/queue", label: "Review" }]} width="fill">
        <EditDraft
          {...editing}
          onClose={() => setEditing(undefined)}
          onDone={() => {
            setEditing(undefined);
            pass();
          }}
        />
      </Page>
    );

  const nothing = (
    <EmptyState
      icon={ScanEye}
      title={isNarrow(filters.filter) ? "Nothing matches this filter" : "Nothing to review"}
      action={
        isNarrow(filters.filter) ? (
          <Button onPress={() => filters.setFilter({})}>Show everything</Button>
        ) : undefined
      }
    >
      {isNarrow(filters.filter)
        ? "Other drafts may be waiting."
        : "Drafts come here the moment an agent finishes them. Oldest promise first, over all tenants assigned to you."}
    </EmptyState>
  );
  return (
    <Page title="Review" width="fill">
      <Query
        of={queue}
        loading={
          <div className="p-6">
            <SkeletonRows rows={8} />
          </div>
        }
      >
        {() =>
          !selected && !isNarrow(filters.filter) ? (
            <div className="flex flex-col gap-6 p-6 max-md:p-4">
              {nothing}
              <WritingStrip />
            </div>
          ) : (
            <div className="flex min-h-0 flex-1">
              <QueueList
                items={items}
                total={total ?? items.length}
                selected={selected}
                picked={picked}
                onPick={pick}
                onSelect={go}
                onEnd={onEnd}
                claims={claims}
                nameOf={nameOf}
                openedByPerson={found >= 0}
                empty={<div className="p-4">{nothing}</div>}
                filters={
                  <FilterBar
                    filter={filters.filter}
                    onFilter={(filter) => {
                      setPlace(0);
                      filters.setFilter(filter);
                    }}
                    saved={filters.saved}
                    onSave={filters.save}
                    onForget={filters.forget}
                    tenants={tenants.data?.items ?? []}
                    total={total}
                    isOpen={filtering}
                    onOpen={setFiltering}
                  />
                }
              />
              {selected ? (
                <Review
                  key={selected.ref}
                  activity={selected}
                  tenantName={nameOf(selected.tenantRef)}
                  claim={claims.get(selected.ref)}
                  onApprove={(despiteClaim) => {
                    decisions.approve([selected], despiteClaim);
                    pass();
                  }}
                  onReject={(note, reasons, despiteClaim) => {
                    decisions.reject([selected], note, reasons, despiteClaim);
                    pass();
                  }}
                  onEdit={(revision, despiteClaim) =>
                    setEditing({ activity: selected, revision, despiteClaim })
                  }
                  onBack={() => show(undefined)}
                  hiddenOnPhone={found < 0}
                />
              ) : null}
            </div>
          )
        }
      </Query>
      <BulkBar
        count={bulk.length}
        onApprove={approvePicked}
        onReject={() => setRejectingPicked(true)}
        onClear={() => setPicked(new Set())}
      />
      <RejectDraft
        title={bulk.length === 1 ? (bulk[0]?.title ?? "") : `${bulk.length} drafts`}
        rejections={Math.max(0, ...bulk.map((one) => one.rejections))}
        isOpen={rejectingPicked}
        onClose={() => setRejectingPicked(false)}
        onReject={(note, reasons) => {
          setRejectingPicked(false);
          decisions.reject(bulk, note, reasons);
          setPicked(new Set());
        }}
      />
    </Page>
  );
}
