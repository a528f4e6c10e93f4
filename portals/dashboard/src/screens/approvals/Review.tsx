"use client";
import { AppLink, Button, Icon, Tabs } from "@leadmetrics/ui";
import {
  type Activity,
  type ActivityDetail,
  CommentThreads,
  clientActions,
  Query,
  RejectDialog,
  SourcesPane,
  tenantActions,
  tenantQueries,
  useDecide,
  useFormat,
  useKeyMap,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { FileDiff, Pause } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { ChannelPreview } from "../content/ChannelPreview.tsx";
import { Changes } from "./Changes.tsx";
import { comparedWith } from "./rules.ts";

/** Milliseconds an item is open before it counts as read. */
const READ_MS = 1_500;

/** One item and the decision on it. */
export function Review({ activity }: { activity: Activity }) {
  const detail = useQuery(tenantQueries.activity(activity.ref));
  const channels = useQuery(tenantQueries.channels);
  const format = useFormat();
  const decide = useDecide();
  const mayEdit = useMayEdit();
  const [rejecting, setRejecting] = useState(false);
  const decision = { version: activity.version, contentHash: activity.contentHash };
  const channel = channels.data?.items.find((one) => one.ref === activity.channelRef);
  const ready = detail.data !== undefined;
  const seen = useSeen(activity, ready);

  const approve = () => {
    if (!ready) return;
    seen();
    decide({
      ref: activity.ref,
      message: `Approved “${activity.title}”`,
      send: () => tenantActions.approve(activity.ref, decision),
    });
  };
  const hold = () =>
    decide({
      ref: activity.ref,
      message: `On hold: “${activity.title}”`,
      send: () => clientActions.hold(activity.ref, activity.version),
    });
  useKeyMap(
    "Approvals",
    mayEdit
      ? {
          a: { what: "Approve", run: approve },
          r: { what: "Reject with a note", run: () => setRejecting(true) },
          h: { what: "Put on hold", run: hold },
        }
      : {},
  );

  return (
    <>
      <div className="mx-auto w-full max-w-[820px] flex-1 px-6 py-6 max-md:px-4 max-md:py-4">
        <Query of={detail} loading={<ChannelPreview.Skeleton />}>
          {(data) => <About activity={activity} detail={data} channel={channel} mayEdit={mayEdit} />}
        </Query>
      </div>
      <footer className="sticky bottom-0 flex items-center gap-3 border-t border-line bg-bg px-6 py-3 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:gap-2 max-md:px-4">
        <span className="min-w-0 flex-1 text-sm text-muted max-md:hidden">
          {channel
            ? `Goes to ${channel.name} ${activity.publishOn ? `on ${format.dateTime(activity.publishOn)}` : "once approved"}`
            : ""}{" "}
          <AppLink href={`/content/${activity.ref}`} className="text-accent hover:underline">
            Full history
          </AppLink>
        </span>
        {mayEdit ? (
          <>
            <Button kind="quiet" hint="h" onPress={hold}>
              <Icon of={Pause} /> <span className="max-md:sr-only">Hold</span>
            </Button>
            <Button className="max-md:flex-1" hint="r" onPress={() => setRejecting(true)}>
              Reject
            </Button>
            <Button className="max-md:flex-1" kind="primary" hint="a" onPress={approve} isDisabled={!ready}>
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
          seen();
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

/** Says that this person has read this version: once it has been open for a moment, or at once by what is returned. */
function useSeen({ ref, revisionRef }: Activity, ready: boolean): () => void {
  const seen = useCallback(() => {
    // Only the next comparison depends on it.
    if (revisionRef) clientActions.markSeen(ref, revisionRef).catch(() => undefined);
  }, [ref, revisionRef]);
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(seen, READ_MS);
    return () => clearTimeout(timer);
  }, [seen, ready]);
  return seen;
}

function About({
  activity,
  detail,
  channel,
  mayEdit,
}: {
  activity: Activity;
  detail: ActivityDetail;
  channel: Parameters<typeof ChannelPreview>[0]["channel"];
  mayEdit: boolean;
}) {
  const comments = useQuery(tenantQueries.comments(activity.ref));
  const [tab, setTab] = useState("preview");
  const { revisions, lastSeenRevisionRef } = detail;
  const revision = revisions.find((one) => one.ref === activity.revisionRef) ?? revisions[0];
  if (!revision) return <p className="text-sm text-muted">This item has no draft.</p>;
  const before = comparedWith(revisions, revision, lastSeenRevisionRef);
  return (
    <Tabs
      label="About this item"
      selected={tab}
      onSelect={setTab}
      items={[
        {
          id: "preview",
          label: "Preview",
          content: (
            <div className="flex flex-col gap-4">
              {before ? (
                <span>
                  <Button kind="quiet" onPress={() => setTab("changes")}>
                    <Icon of={FileDiff} />{" "}
                    {before.ref === lastSeenRevisionRef
                      ? `What changed since version ${before.number}, which you read`
                      : `What changed since version ${before.number}`}
                  </Button>
                </span>
              ) : null}
              <ChannelPreview activity={activity} revision={revision} channel={channel} />
            </div>
          ),
        },
        {
          id: "changes",
          label: "Changes",
          content: <Changes revisions={revisions} present={revision} lastSeenRef={lastSeenRevisionRef} />,
        },
        {
          id: "sources",
          label: "Sources",
          count: revision.citations.length,
          content: <SourcesPane citations={revision.citations} />,
        },
        {
          id: "comments",
          label: "Comments",
          count: comments.data?.items.length,
          content: (
            <CommentThreads
              of={comments}
              mayWrite={mayEdit}
              send={(text, threadRef) => clientActions.say(activity.ref, text, threadRef)}
            />
          ),
        },
      ]}
    />
  );
}
