"use client";
import {
  AppLink,
  Button,
  ErrorNote,
  Icon,
  IconButton,
  Menu,
  OwesChip,
  Page,
  part,
  SkeletonRows,
  SkeletonText,
  Status,
  Tabs,
} from "@leadmetrics/ui";
import {
  type ActivityDetail,
  clientActions,
  owedOf,
  Query,
  tenantActions,
  tenantQueries,
  useAction,
  useDecide,
  useKeys,
  useMayEdit,
  useUndecided,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isMovable } from "./calendar/movable.ts";
import { useReschedule } from "./calendar/useReschedule.ts";
import { isPublishing } from "./content/targets.ts";

const beside = () => import("./content/beside.ts");
const CommentThreads = part(async () => (await beside()).CommentThreads, <SkeletonRows rows={3} />);
const ItemFacts = part(async () => (await beside()).ItemFacts, <SkeletonRows rows={9} />);
const MailedLinks = part(async () => (await beside()).MailedLinks);
const RejectDialog = part(async () => (await beside()).RejectDialog);
const RevisionsPane = part(async () => (await beside()).RevisionsPane, <SkeletonText />);
const SettleNote = part(async () => (await beside()).SettleNote, <SkeletonRows rows={3} />);
const SourcesPane = part(async () => (await beside()).SourcesPane, <SkeletonRows rows={3} />);
const Timeline = part(async () => (await beside()).Timeline, <SkeletonRows rows={6} />);
const WritingNow = part(async () => (await beside()).WritingNow);
const ItemChannels = part(
  async () => (await import("./content/ItemChannels.tsx")).ItemChannels,
  <SkeletonRows rows={2} />,
);
const ChannelPreview = part(
  async () => (await import("./content/ChannelPreview.tsx")).ChannelPreview,
  <SkeletonText />,
);
const MomentDialog = part(async () => (await import("./calendar/MomentDialog.tsx")).MomentDialog);

/** One item: as it will look, how it came to be, what people say, and the next move. */
export function ItemScreen({ refOf }: { refOf: string }) {
  const detail = useQuery(tenantQueries.activity(refOf));
  return (
    <Page
      title={detail.data?.activity.title ?? "Content"}
      crumbs={[{ href: "/content", label: "Content" }]}
      actions={detail.data ? <Actions detail={detail.data} /> : null}
    >
      <Query of={detail} loading={<SkeletonText />}>
        {(data) => <Item detail={data} />}
      </Query>
    </Page>
  );
}

function Item({ detail }: { detail: ActivityDetail }) {
  const { activity, revisions } = detail;
  const comments = useQuery(tenantQueries.comments(activity.ref));
  const mayEdit = useMayEdit();
  const revision = revisions.find((one) => one.ref === activity.revisionRef) ?? revisions[0];
  const { targets } = activity;
  const several = targets.length > 1;
  const unsettled = several ? undefined : targets.find((one) => one.publicationStatus === "unconfirmed");
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_304px]">
      <div className="flex min-w-0 flex-col gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <Status state={activity.status} />
          <OwesChip owed={owedOf(activity)} />
          {activity.publishedUrl && !several ? (
            <a
              href={activity.publishedUrl}
              target="_blank"
              rel="noopener noreferrer"
              className="inline-flex min-w-0 items-center gap-1.5 truncate text-sm text-accent hover:underline"
            >
              <Icon of="external-link" size={14} /> <span className="truncate">{activity.publishedUrl}</span>
            </a>
          ) : null}
        </div>
        {activity.problem && !(several && isPublishing(activity.status)) ? (
          <ErrorNote message={activity.problem} />
        ) : null}
        {unsettled ? (
          <SettleNote publicationRef={unsettled.publicationRef} channelName={unsettled.channelName} />
        ) : null}
        {several ? <ItemChannels activity={activity} /> : null}
        {activity.status === "working" ? <WritingNow activity={activity} /> : null}
        <Tabs
          label="About this item"
          items={[
            ...(several && revision
              ? targets.map((target) => ({
                  id: target.channelRef,
                  label: target.channelName,
                  content: <ChannelPreview activity={activity} revision={revision} target={target} />,
                }))
              : [
                  {
                    id: "preview",
                    label: "Preview",
                    content: revision ? (
                      <ChannelPreview activity={activity} revision={revision} target={targets[0]} />
                    ) : (
                      <p className="text-sm text-muted">
                        No draft yet. You see it once a reviewer has read it.
                      </p>
                    ),
                  },
                ]),
            {
              id: "versions",
              label: "Versions",
              count: revisions.length,
              content: <RevisionsPane revisions={revisions} />,
            },
            {
              id: "sources",
              label: "Sources",
              count: revision?.citations.length,
              content: <SourcesPane citations={revision?.citations ?? []} />,
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
            {
              id: "timeline",
              label: "Timeline",
              content: (
                <Timeline
                  detail={detail}
                  whoseSetting="your"
                  link={
                    <AppLink
                      href={`/audit?entity=${activity.ref}`}
                      className="text-sm text-accent hover:underline max-md:py-3"
                    >
                      Every step with actor and trace id
                    </AppLink>
                  }
                />
              ),
            },
          ]}
        />
      </div>
      <aside aria-label="Facts" className="flex flex-col gap-6">
        <ItemFacts detail={detail} />
        {activity.status === "client_review" ? <MailedLinks activityRef={activity.ref} /> : null}
      </aside>
    </div>
  );
}

function Actions({ detail: { activity } }: { detail: ActivityDetail }) {
  const mayEdit = useMayEdit();
  const decide = useDecide();
  const undecided = useUndecided();
  const [rejecting, setRejecting] = useState(false);
  const [dating, setDating] = useState(false);
  const reschedule = useReschedule();
  const change = useAction(
    (what: "hold" | "resume" | "cancel" | "retry") =>
      tenantActions.changeActivity(activity.ref, what, activity.version),
    {
      renews: ["activities", "approvals"],
    },
  );
  const decision = { version: activity.version, contentHash: activity.contentHash };
  const decidable = mayEdit && activity.status === "client_review" && !undecided.has(activity.ref);
  const approve = () =>
    decide({
      ref: activity.ref,
      message: `Approved “${activity.title}”`,
      send: () => tenantActions.approve(activity.ref, decision),
    });
  useKeys(decidable ? { a: approve, r: () => setRejecting(true) } : {});
  if (!mayEdit) return null;
  const yes = activity.targets.length > 1 ? "Approve for all channels" : "Approve";
  const over = ["published", "cancelled", "publishing", "unconfirmed"].includes(activity.status);
  const failed = activity.status === "failed" || activity.status === "publish_failed";
  return (
    <>
      {failed ? (
        <Button kind="primary" isPending={change.isPending} onPress={() => change.mutate("retry")}>
          <Icon of="rotate-ccw" /> Try again
        </Button>
      ) : null}
      {decidable ? (
        <span className="flex gap-2 max-md:hidden">
          <Button hint="r" onPress={() => setRejecting(true)}>
            Reject
          </Button>
          <Button kind="primary" hint="a" onPress={approve}>
            {yes}
          </Button>
        </span>
      ) : null}
      {over ? null : (
        <Menu
          label="More"
          trigger={
            <IconButton label="More actions">
              <Icon of="ellipsis" />
            </IconButton>
          }
          actions={[
            ...(decidable
              ? [
                  { id: "approve", label: yes, onAction: approve },
                  { id: "reject", label: "Reject…", onAction: () => setRejecting(true) },
                ]
              : []),
            ...(isMovable(activity.status)
              ? [
                  {
                    id: "date",
                    label: activity.publishOn ? "Change the date…" : "Set a date…",
                    icon: "calendar-clock" as const,
                    onAction: () => setDating(true),
                  },
                ]
              : []),
            activity.status === "on_hold"
              ? { id: "resume", label: "Resume", icon: "play", onAction: () => change.mutate("resume") }
              : { id: "hold", label: "Put on hold", icon: "pause", onAction: () => change.mutate("hold") },
            {
              id: "cancel",
              label: "Cancel this item",
              icon: "ban",
              danger: true,
              onAction: () => change.mutate("cancel"),
            },
          ]}
        />
      )}
      {dating ? (
        <MomentDialog
          title={activity.title}
          slot={activity.publishOn ?? undefined}
          clear={activity.publishOn ? "Without a date" : undefined}
          onClose={() => setDating(false)}
          onMove={(moment) => {
            setDating(false);
            reschedule(activity, moment);
          }}
        />
      ) : null}
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
