"use client";
import { Button, EmptyState, Page, part, SkeletonRows, SkeletonText } from "@leadmetrics/ui";
import {
  type Activity,
  dmQueries,
  Query,
  type QueueFilter,
  type Revision,
  useKeyMap,
  useLink,
  useSelection,
} from "@leadmetrics/web";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { isNarrow, queueFilterOf } from "./filters/rules.ts";
import { useSavedFilters } from "./filters/useSavedFilters.ts";
import { BulkBar } from "./queue/BulkBar.tsx";
import { useOthersClaims } from "./queue/useClaim.ts";
import { useDecisions } from "./queue/useDecisions.ts";
import { useQueue } from "./queue/useQueue.ts";

const FilterBar = part(
  async () => (await import("./queue/FilterBar.tsx")).FilterBar,
  <div className="h-[49px] shrink-0 border-b border-line" />,
);
const WritingStrip = part(async () => (await import("./queue/WritingStrip.tsx")).WritingStrip);
const QueueList = part(
  async () => (await import("./queue/QueueList.tsx")).QueueList,
  <div className="w-80 p-4 max-md:w-full">
    <SkeletonRows rows={8} />
  </div>,
);
const Review = part(
  async () => (await import("./queue/Review.tsx")).Review,
  <div className="flex-1 p-6 max-md:hidden">
    <SkeletonText />
  </div>,
);
const NotWaiting = part(
  async () => (await import("./queue/NotWaiting.tsx")).NotWaiting,
  <div className="flex-1 p-6 max-md:hidden">
    <SkeletonText />
  </div>,
);
const EditDraft = part(async () => (await import("./queue/EditDraft.tsx")).EditDraft, <SkeletonText />);
const RejectDraft = part(async () => (await import("./queue/RejectDraft.tsx")).RejectDraft);

interface Editing {
  activity: Activity;
  revision: Revision;
  despiteClaim: boolean;
}

/** The draft a note is being written on, as it was read. */
interface Rejecting {
  activity: Activity;
  despiteClaim: boolean;
}

/** Milliseconds on a draft before the next one is fetched: paging through with j fetches nothing ahead. */
const STAY_MS = 250;

/** The draft after this one, so that it is there at once. */
function usePrefetch(next: Activity | undefined) {
  const client = useQueryClient();
  const [tenantRef, ref] = [next?.tenantRef, next?.ref];
  useEffect(() => {
    if (!tenantRef || !ref) return;
    const timer = setTimeout(() => void client.prefetchQuery(dmQueries.activity(tenantRef, ref)), STAY_MS);
    return () => clearTimeout(timer);
  }, [client, tenantRef, ref]);
}

const EVERYTHING: QueueFilter = {};

/** What waits for a reviewer over all tenants, oldest promise first; one draft at a time beside it. */
export function QueueScreen() {
  const link = useLink("/queue");
  // A link to a draft shows it whatever the person usually looks at.
  const filters = useSavedFilters("queue", queueFilterOf, EVERYTHING, link.ref !== undefined);
  const { queue, items, pinned, found, total } = useQueue(filters.filter, filters.settled, link);
  const tenants = useQuery(dmQueries.tenants);
  const decisions = useDecisions();
  const claims = useOthersClaims();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [rejectingPicked, setRejectingPicked] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const [editing, setEditing] = useState<Editing>();
  /** Kept here, not with the draft's view: a list that is renewed meanwhile must not close the dialog. */
  const [rejecting, setRejecting] = useState<Rejecting>();

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = queue;
  const { selected, index, wanted, opened, open, step, pass, restart, close } = useSelection(
    link,
    items,
    hasNextPage,
  );
  const nameOf = (ref: string) => tenants.data?.items.find((one) => one.ref === ref)?.name ?? "";
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

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
    j: key("Next draft", () => step(1)),
    k: key("Previous draft", () => step(-1)),
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
      icon="scan-eye"
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
          !selected && !wanted && !isNarrow(filters.filter) ? (
            <div className="flex flex-col gap-6 p-6 max-md:p-4">
              {nothing}
              <WritingStrip />
            </div>
          ) : (
            <div className="flex min-h-0 flex-1">
              <QueueList
                items={items}
                pinned={pinned}
                total={total ?? items.length}
                selected={selected}
                picked={picked}
                onPick={pick}
                onSelect={open}
                onEnd={onEnd}
                claims={claims}
                nameOf={nameOf}
                openedByPerson={opened && (selected ?? wanted) !== undefined}
                empty={<div className="p-4">{nothing}</div>}
                filters={
                  <FilterBar
                    filter={filters.filter}
                    onFilter={(filter) => {
                      restart();
                      filters.setFilter(filter);
                    }}
                    saved={filters.saved}
                    onSave={filters.save}
                    onDefault={filters.setDefault}
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
                  onReject={(despiteClaim) => setRejecting({ activity: selected, despiteClaim })}
                  onEdit={(revision, despiteClaim) =>
                    setEditing({ activity: selected, revision, despiteClaim })
                  }
                  onBack={close}
                  hiddenOnPhone={!opened}
                />
              ) : wanted ? (
                <NotWaiting
                  of={found}
                  onNext={items.length > 0 ? () => open(0) : undefined}
                  onBack={close}
                  hiddenOnPhone={!opened}
                />
              ) : null}
            </div>
          )
        }
      </Query>
      <BulkBar
        count={bulk.length}
        unreviewed={bulk.filter((one) => one.skipsClientReview).length}
        onApprove={approvePicked}
        onReject={() => setRejectingPicked(true)}
        onClear={() => setPicked(new Set())}
      />
      {rejecting ? (
        <RejectDraft
          key={rejecting.activity.ref}
          title={rejecting.activity.title}
          rejections={rejecting.activity.rejections}
          isOpen
          onClose={() => setRejecting(undefined)}
          onReject={(note, reasons) => {
            setRejecting(undefined);
            decisions.reject([rejecting.activity], note, reasons, rejecting.despiteClaim);
            if (selected?.ref === rejecting.activity.ref) pass();
          }}
        />
      ) : null}
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
