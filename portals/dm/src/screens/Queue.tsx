"use client";
import { Button, EmptyState, Page, SkeletonRows } from "@leadmetrics/ui";
import {
  type Activity,
  dmActions,
  dmQueries,
  Query,
  useDecide,
  useKeys,
  useUndecided,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { ScanEye } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { KeyMap } from "./queue/KeyMap.tsx";
import { QueueList } from "./queue/QueueList.tsx";
import { Review } from "./queue/Review.tsx";
import { WritingStrip } from "./queue/WritingStrip.tsx";

/** What waits for a reviewer over all tenants, oldest promise first; one draft at a time beside it. */
export function QueueScreen() {
  const queue = useQuery(dmQueries.queue);
  const tenants = useQuery(dmQueries.tenants);
  const undecided = useUndecided();
  const decide = useDecide();
  const router = useRouter();
  const wanted = useSearchParams().get("activity");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [showKeys, setShowKeys] = useState(false);

  const items = (queue.data?.items ?? []).filter((one) => !undecided.has(one.ref));
  const found = items.findIndex((one) => one.ref === wanted);
  const index = Math.max(0, found);
  const selected = items[index];
  const nameOf = (ref: string) => tenants.data?.items.find((one) => one.ref === ref)?.name ?? "";
  const go = (to: number) => {
    const next = items[Math.min(items.length - 1, Math.max(0, to))];
    if (next) router.replace(`/queue?activity=${next.ref}`, { scroll: false });
  };
  const pick = (ref: string) => {
    const next = new Set(picked);
    if (!next.delete(ref)) next.add(ref);
    setPicked(next);
  };
  useKeys({
    j: () => go(index + 1),
    k: () => go(index - 1),
    x: () => selected && pick(selected.ref),
    "?": () => setShowKeys(true),
  });

  const approve = (activity: Activity) =>
    decide({
      ref: activity.ref,
      message: `Approved “${activity.title}”`,
      send: () =>
        dmActions.approve(activity.tenantRef, activity.ref, {
          version: activity.version,
          contentHash: activity.contentHash,
        }),
    });
  const bulk = items.filter((one) => picked.has(one.ref));

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
          !selected ? (
            <div className="flex flex-col gap-6 p-6 max-md:p-4">
              <EmptyState icon={ScanEye} title="Nothing to review">
                Drafts come here the moment an agent finishes them. Oldest promise first, over all tenants
                assigned to you.
              </EmptyState>
              <WritingStrip />
            </div>
          ) : (
            <div className="flex min-h-0 flex-1">
              <QueueList
                items={items}
                selected={selected}
                picked={picked}
                onPick={pick}
                nameOf={nameOf}
                openedByPerson={found >= 0}
              />
              <Review
                key={selected.ref}
                activity={selected}
                tenantName={nameOf(selected.tenantRef)}
                onApprove={() => approve(selected)}
                hiddenOnPhone={found < 0}
              />
            </div>
          )
        }
      </Query>
      {bulk.length > 0 ? (
        <div className="animate-rise fixed bottom-20 left-1/2 z-30 flex -translate-x-1/2 items-center gap-3 rounded-panel bg-raised px-4 py-2 text-sm shadow-lift max-md:bottom-[calc(136px+env(safe-area-inset-bottom))]">
          <span className="tabular">{bulk.length} picked</span>
          <Button
            kind="primary"
            size="small"
            onPress={() => {
              for (const one of bulk) approve(one);
              setPicked(new Set());
            }}
          >
            Approve {bulk.length}
          </Button>
          <Button kind="quiet" size="small" onPress={() => setPicked(new Set())}>
            Clear
          </Button>
        </div>
      ) : null}
      <KeyMap isOpen={showKeys} onClose={() => setShowKeys(false)} />
    </Page>
  );
}
