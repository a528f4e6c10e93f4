"use client";
import {
  ButtonLink,
  EmptyState,
  Icon,
  IconButton,
  Page,
  part,
  SkeletonRows,
  SkeletonText,
} from "@leadmetrics/ui";
import {
  type Activity,
  Query,
  RejectDialog,
  tenantActions,
  useDecide,
  useKeyMap,
  useLink,
  useSelection,
} from "@leadmetrics/web";
import { useState } from "react";
import { ApproveAll, Inbox, waitingLine } from "./approvals/Inbox.tsx";
import { bundlesOf } from "./approvals/rules.ts";
import { useInbox } from "./approvals/useInbox.ts";
import { useSwipe } from "./approvals/useSwipe.ts";

const Review = part(
  async () => (await import("./approvals/Review.tsx")).Review,
  <div className="flex-1 p-6">
    <SkeletonText />
  </div>,
);

const NotWaiting = part(
  async () => (await import("./approvals/NotWaiting.tsx")).NotWaiting,
  <div className="flex-1 p-6">
    <SkeletonText />
  </div>,
);

/** What waits for the client: a list at the left, the item as it will look at the right, one decision at the bottom. */
export function ApprovalsScreen() {
  const link = useLink("/approvals");
  const { approvals, items, pinned, found, more } = useInbox(link);
  const decide = useDecide();
  const { selected, index, wanted, open, step } = useSelection(link, items, false);
  /** Kept here, not with the item's view: a list that is renewed meanwhile must not close the dialog. */
  const [rejecting, setRejecting] = useState<Activity>();
  useKeyMap("Inbox", {
    j: { what: "Next item", run: () => step(1) },
    k: { what: "Item before", run: () => step(-1) },
  });
  const swipe = useSwipe(step);
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
          !selected && !wanted ? (
            <div className="p-6 max-md:p-4">
              <EmptyState
                icon="check-check"
                title="Nothing waits for you"
                action={<ButtonLink href="/content">See what is in the making</ButtonLink>}
              >
                Drafts come here after the DM team has read and approved them. You will be told when one does.
              </EmptyState>
            </div>
          ) : (
            <div className="flex min-h-0 flex-1">
              <Inbox items={items} pinned={pinned} more={more} selected={selected} onSelect={open} />
              <section aria-label="Item" className="flex min-w-0 flex-1 flex-col" {...swipe}>
                <div className="flex items-center justify-between gap-2 border-b border-line px-4 py-1 text-sm md:hidden">
                  <span className="tabular min-w-0 truncate">{waitingLine(items, more)}</span>
                  <span className="flex items-center">
                    {bundle ? <ApproveAll bundle={bundle} /> : null}
                    <IconButton label="Previous" isDisabled={index <= 0} onPress={() => step(-1)}>
                      <Icon of="chevron-left" />
                    </IconButton>
                    <IconButton label="Next" isDisabled={index === items.length - 1} onPress={() => step(1)}>
                      <Icon of="chevron-right" />
                    </IconButton>
                  </span>
                </div>
                {selected ? (
                  <Review key={selected.ref} activity={selected} onReject={() => setRejecting(selected)} />
                ) : (
                  <NotWaiting of={found} onNext={items.length > 0 ? () => open(0) : undefined} />
                )}
              </section>
            </div>
          )
        }
      </Query>
      {rejecting ? (
        <RejectDialog
          key={rejecting.ref}
          title={rejecting.title}
          rejections={rejecting.rejections}
          isOpen
          onClose={() => setRejecting(undefined)}
          onReject={(note) => {
            setRejecting(undefined);
            decide({
              ref: rejecting.ref,
              message: `Rejected “${rejecting.title}”`,
              send: () =>
                tenantActions.reject(rejecting.ref, {
                  version: rejecting.version,
                  contentHash: rejecting.contentHash,
                  note,
                }),
            });
          }}
        />
      ) : null}
    </Page>
  );
}
