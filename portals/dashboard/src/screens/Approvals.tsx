"use client";
import {
  AppLink,
  Button,
  cx,
  EmptyState,
  Icon,
  IconButton,
  OwesChip,
  Page,
  readingMinutes,
  SkeletonRows,
  Tabs,
} from "@leadmetrics/ui";
import {
  type Activity,
  contentTypes,
  owedOf,
  Query,
  RejectDialog,
  RevisionsPane,
  SourcesPane,
  tenantActions,
  tenantQueries,
  useDecide,
  useKeys,
  useMayEdit,
  useUndecided,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { CheckCheck, ChevronLeft, ChevronRight, ExternalLink } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { ChannelPreview } from "./content/ChannelPreview.tsx";

/** Words an item of each kind usually has: how long the reading takes is told before anything is opened. */
const USUAL_WORDS: Record<Activity["contentType"], number> = { blog_post: 900, social_post: 60 };

const minutesFor = (items: readonly Activity[]): number =>
  readingMinutes(items.reduce((sum, one) => sum + USUAL_WORDS[one.contentType], 0));

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
  useKeys({ j: () => go(index + 1), k: () => go(index - 1) });

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
              <List items={items} selected={selected} />
              <section aria-label="Item" className="flex min-w-0 flex-1 flex-col">
                <div className="flex items-center justify-between gap-3 border-b border-line px-4 py-1 text-sm md:hidden">
                  <span>
                    {items.length} waiting · ≈ {minutesFor(items)} min
                  </span>
                  <span className="flex">
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

function List({ items, selected }: { items: readonly Activity[]; selected: Activity }) {
  return (
    <nav
      aria-label="Waiting for you"
      className="sticky top-12 h-[calc(100dvh-48px)] w-80 shrink-0 overflow-auto border-r border-line max-md:hidden"
    >
      <p className="px-4 py-3 text-sm text-muted">
        {items.length} waiting · ≈ {minutesFor(items)} min
      </p>
      <ul>
        {items.map((one) => (
          <li key={one.ref}>
            <AppLink
              href={`/approvals?activity=${one.ref}`}
              aria-current={one.ref === selected.ref ? "true" : undefined}
              className={cx(
                "flex flex-col gap-1 border-l-2 px-4 py-2 text-sm",
                one.ref === selected.ref ? "border-accent bg-selected" : "border-transparent hover:bg-hover",
              )}
            >
              <span className="line-clamp-2">{one.title}</span>
              <span className="flex items-center justify-between gap-2 text-xs text-muted">
                {contentTypes[one.contentType].one}
                <OwesChip owed={owedOf(one)} />
              </span>
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Review({ activity }: { activity: Activity }) {
  const detail = useQuery(tenantQueries.activity(activity.ref));
  const channels = useQuery(tenantQueries.channels);
  const decide = useDecide();
  const mayEdit = useMayEdit();
  const [rejecting, setRejecting] = useState(false);
  const decision = { version: activity.version, contentHash: activity.contentHash };
  const approve = () =>
    decide({
      ref: activity.ref,
      message: `Approved “${activity.title}”`,
      send: () => tenantActions.approve(activity.ref, decision),
    });
  useKeys(mayEdit ? { a: approve, r: () => setRejecting(true) } : {});
  const channel = channels.data?.items.find((one) => one.ref === activity.channelRef);

  return (
    <>
      <div className="mx-auto w-full max-w-[820px] flex-1 px-6 py-6 max-md:px-4">
        <Query of={detail} loading={<ChannelPreview.Skeleton />}>
          {({ revisions }) => {
            const revision = revisions.find((one) => one.ref === activity.revisionRef) ?? revisions[0];
            if (!revision) return <p className="text-sm text-muted">This item has no draft.</p>;
            return (
              <Tabs
                label="About this item"
                items={[
                  {
                    id: "preview",
                    label: "Preview",
                    content: <ChannelPreview activity={activity} revision={revision} channel={channel} />,
                  },
                  {
                    id: "changes",
                    label: "What changed",
                    count: revisions.length > 1 ? revisions.length : undefined,
                    content: <RevisionsPane revisions={revisions} />,
                  },
                  {
                    id: "sources",
                    label: "Sources",
                    count: revision.citations.length,
                    content: <SourcesPane citations={revision.citations} />,
                  },
                ]}
              />
            );
          }}
        </Query>
      </div>
      <footer className="sticky bottom-0 flex items-center gap-3 border-t border-line bg-bg px-6 py-3 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:px-4">
        <AppLink
          href={`/content/${activity.ref}`}
          className="flex items-center gap-1.5 text-sm text-muted hover:text-text max-md:hidden"
        >
          <Icon of={ExternalLink} size={14} /> History and comments
        </AppLink>
        <span className="text-sm text-muted max-md:hidden">
          {channel ? `Goes to ${channel.name} once approved` : ""}
        </span>
        <span className="flex-1 max-md:hidden" />
        {mayEdit ? (
          <>
            <Button className="max-md:flex-1" hint="r" onPress={() => setRejecting(true)}>
              Reject
            </Button>
            <Button
              className="max-md:flex-1"
              kind="primary"
              hint="a"
              onPress={approve}
              isDisabled={!detail.data}
            >
              Approve
            </Button>
          </>
        ) : (
          <span className="text-sm text-muted">Your role can look, not decide.</span>
        )}
      </footer>
      <RejectDialog
        title={activity.title}
        rejections={activity.rejections}
        isOpen={rejecting}
        onClose={() => setRejecting(false)}
        onReject={(note) => {
          setRejecting(false);
          decide({
            ref: activity.ref,
            message: `Rejected “${activity.title}”`,
            send: () => tenantActions.reject(activity.ref, { ...decision, note }),
          });
        }}
      />
    </>
  );
}
