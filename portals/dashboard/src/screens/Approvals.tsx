"use client";
import { EmptyState, Icon, IconButton, Page, SkeletonRows } from "@leadmetrics/ui";
import { Query, tenantQueries, useKeyMap, useUndecided } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { CheckCheck, ChevronLeft, ChevronRight } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { ApproveAll, Inbox, waitingLine } from "./approvals/Inbox.tsx";
import { Review } from "./approvals/Review.tsx";
import { bundlesOf } from "./approvals/rules.ts";
import { useSwipe } from "./approvals/useSwipe.ts";

/** What waits for the client: a list at the left, the item as it will look at the right, one decision at the bottom. */
export function ApprovalsScreen() {
  const approvals = useQuery(tenantQueries.approvals);
  const undecided = useUndecided();
  const router = useRouter();
  const wanted = useSearchParams().get("activity");
  const items = (approvals.data?.items ?? []).filter((one) => !undecided.has(one.ref));
  const index = Math.max(
    0,
    items.findIndex((one) => one.ref === wanted),
  );
  const selected = items[index];
  const go = (to: number) => {
    const next = items[Math.min(items.length - 1, Math.max(0, to))];
    if (next) router.replace(`/approvals?activity=${next.ref}`, { scroll: false });
  };
  useKeyMap("Inbox", {
    j: { what: "Next item", run: () => go(index + 1) },
    k: { what: "Item before", run: () => go(index - 1) },
  });
  const swipe = useSwipe((by) => go(index + by));
  const bundle = bundlesOf(items).find((one) => one.items.some((item) => item.ref === selected?.ref));

  return (
    <Page title="Approvals" width="fill">
      <Query
        of={approvals}
        loading={
          <div className="p-6 max-md:p-4">
            <SkeletonRows rows={6} />
          </div>
        }
      >
        {() =>
          !selected ? (
            <div className="p-6 max-md:p-4">
              <EmptyState icon={CheckCheck} title="Nothing waits for you">
                Drafts come here after the DM team has read and approved them. You will be told when one does.
              </EmptyState>
            </div>
          ) : (
            <div className="flex min-h-0 flex-1">
              <Inbox items={items} selected={selected} />
              <section aria-label="Item" className="flex min-w-0 flex-1 flex-col" {...swipe}>
                <div className="flex items-center justify-between gap-2 border-b border-line px-4 py-1 text-sm md:hidden">
                  <span className="tabular min-w-0 truncate">{waitingLine(items)}</span>
                  <span className="flex items-center">
                    {bundle ? <ApproveAll bundle={bundle} /> : null}
                    <IconButton label="Previous" isDisabled={index === 0} onPress={() => go(index - 1)}>
                      <Icon of={ChevronLeft} />
                    </IconButton>
                    <IconButton
                      label="Next"
                      isDisabled={index === items.length - 1}
                      onPress={() => go(index + 1)}
                    >
                      <Icon of={ChevronRight} />
                    </IconButton>
                  </span>
                </div>
                <Review key={selected.ref} activity={selected} />
              </section>
            </div>
          )
        }
      </Query>
    </Page>
  );
}
