"use client";
import { Button, Icon, Tabs } from "@leadmetrics/ui";
import {
  type Activity,
  type ActivityDetail,
  CommentThreads,
  clientActions,
  type Revision,
  SourcesPane,
  tenantQueries,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { ChannelChoice } from "../content/ChannelChoice.tsx";
import { ChannelPreview } from "../content/ChannelPreview.tsx";
import type { ChannelChoices } from "../content/useChannelChoices.ts";
import { Changes } from "./Changes.tsx";
import { comparedWith, previewTab } from "./rules.ts";

/** Everything that is read before a decision: how it looks on each channel, what changed, where it is from, what people say. */
export function About({
  activity,
  detail,
  mayEdit,
  choices,
  tab,
  onTab,
}: {
  activity: Activity;
  detail: ActivityDetail;
  mayEdit: boolean;
  choices: ChannelChoices;
  tab: string | undefined;
  onTab: (tab: string) => void;
}) {
  const comments = useQuery(tenantQueries.comments(activity.ref));
  const { revisions, lastSeenRevisionRef } = detail;
  const revision = revisions.find((one) => one.ref === activity.revisionRef) ?? revisions[0];
  if (!revision) return <p className="text-sm text-muted">This item has no draft.</p>;
  const before = comparedWith(revisions, revision, lastSeenRevisionRef);
  const changed = before ? (
    <span className="mb-4 block">
      <Button kind="quiet" onPress={() => onTab("changes")}>
        <Icon of="file-diff" /> {sinceText(before, lastSeenRevisionRef)}
      </Button>
    </span>
  ) : null;
  const { targets } = activity;
  const previews = choices.hasChoice
    ? targets.map((target) => ({
        id: previewTab(target.channelRef),
        label: choices.of(target.channelRef).approved
          ? target.channelName
          : `${target.channelName} (not here)`,
        content: (
          <>
            <ChannelChoice
              channel={{ channelRef: target.channelRef, name: target.channelName }}
              choices={choices}
              publishOn={target.publishOn ?? activity.publishOn ?? undefined}
              mayDecide={mayEdit}
            />
            {changed}
            <ChannelPreview activity={activity} revision={revision} target={target} />
          </>
        ),
      }))
    : [
        {
          id: "preview",
          label: "Preview",
          content: (
            <>
              {changed}
              <ChannelPreview activity={activity} revision={revision} target={targets[0]} />
            </>
          ),
        },
      ];
  return (
    <Tabs
      label="About this item"
      selected={tab ?? previews[0]?.id}
      onSelect={onTab}
      items={[
        ...previews,
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

const sinceText = (before: Revision, lastSeenRef: string | undefined): string =>
  before.ref === lastSeenRef
    ? `What changed since version ${before.number}, which you read`
    : `What changed since version ${before.number}`;
