"use client";
import { cx, DraftView, Icon, Tabs } from "@leadmetrics/ui";
import {
  type Activity,
  type ActivityDetail,
  CommentsPane,
  channelNames,
  dmActions,
  dmQueries,
  Query,
  type Revision,
  RevisionsPane,
  reviewQueries,
  SourcesPane,
  TenantNames,
  Timeline,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ContextPane } from "./ContextPane.tsx";
import { checksOf } from "./checks/checks.ts";
import { SimilarPane } from "./SimilarPane.tsx";

/** What a draft was made from and what can be said about it. */
export function Inspector({
  activity,
  detail,
  revision,
}: {
  activity: Activity;
  detail: ActivityDetail;
  revision: Revision | undefined;
}) {
  const context = useQuery(dmQueries.context(activity.tenantRef));
  const comments = useQuery(dmQueries.comments(activity.tenantRef, activity.ref));
  const similar = useQuery({
    ...reviewQueries.similar(activity.tenantRef, activity.ref, activity.contentHash),
    enabled: activity.contentHash !== "",
  });
  const checks = useMemo(
    () =>
      revision
        ? checksOf(
            revision,
            activity.contentType,
            context.data?.context,
            similar.data?.items,
            activity.targets.map((target) => target.channelName),
          )
        : [],
    [revision, activity.contentType, activity.targets, context.data?.context, similar.data?.items],
  );
  const failed = checks.filter((one) => !one.passed);
  const ordered = [...failed, ...checks.filter((one) => one.passed)];
  const brief = detail.steps.find((step) => step.kind === "brief")?.output ?? "";
  const research = detail.steps.find((step) => step.kind === "research")?.output ?? "";
  return (
    <TenantNames tenantRef={activity.tenantRef}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {activity.targets.length > 0 ? (
          <p className="text-sm text-muted" dir="auto">
            Goes to {channelNames(activity.targets)}
          </p>
        ) : null}
        <ul aria-label="Checks" className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
          {ordered.map((check) => (
            <li
              key={check.name}
              className={cx("flex items-start gap-1.5", check.passed ? "text-muted" : "w-full text-text")}
            >
              <Icon
                of={check.passed ? "check" : "circle-exclamation-point"}
                size={14}
                className={cx("mt-[3px] shrink-0", check.passed ? "text-ok" : "text-warn")}
                label={check.passed ? "Passed" : "Look at"}
              />
              <span className="shrink-0">{check.name}</span>
              {check.passed ? null : <span className="text-muted">{check.hint}</span>}
            </li>
          ))}
        </ul>
        {checks.length > 0 && failed.length === 0 ? <p className="sr-only">All checks passed.</p> : null}
        <Tabs
          label="Made from"
          items={[
            {
              id: "brief",
              label: "Brief",
              content: brief ? (
                <Notes text={brief} />
              ) : (
                <p className="text-sm text-muted">This kind has no brief.</p>
              ),
            },
            {
              id: "context",
              label: "Context",
              content: (
                <Query of={context}>
                  {(data) => <ContextPane context={data.context} version={data.version} />}
                </Query>
              ),
            },
            {
              id: "sources",
              label: "Sources",
              count: revision?.citations.length,
              content: <SourcesPane citations={revision?.citations ?? []} />,
            },
            {
              id: "research",
              label: "Research",
              content: research ? (
                <Notes text={research} />
              ) : (
                <p className="text-sm text-muted">Nothing was researched.</p>
              ),
            },
            {
              id: "versions",
              label: "Versions",
              count: detail.revisions.length > 1 ? detail.revisions.length : undefined,
              content: <RevisionsPane revisions={detail.revisions} />,
            },
            {
              id: "comments",
              label: "Comments",
              count: comments.data?.items.length,
              content: (
                <CommentsPane
                  of={comments}
                  mayBeInternal
                  send={(text, internal) =>
                    dmActions.comment(activity.tenantRef, activity.ref, { text, internal })
                  }
                />
              ),
            },
            {
              id: "similar",
              label: "Similar",
              count: similar.data?.items.length,
              content: (
                <Query of={similar}>
                  {({ items }) => <SimilarPane items={items} tenantRef={activity.tenantRef} />}
                </Query>
              ),
            },
            { id: "timeline", label: "Timeline", content: <Timeline detail={detail} /> },
          ]}
        />
      </div>
    </TenantNames>
  );
}

/** Notes of an agent: the reading view at the size of the panel. */
export function Notes({ text }: { text: string }) {
  return (
    <DraftView
      markdown={text}
      className="!text-[14px] !leading-relaxed [&_h1]:!text-[17px] [&_h2]:!text-[15px] [&_h3]:!text-[14px]"
    />
  );
}
