"use client";
import { AgentAtWork } from "@leadmetrics/ui";
import {
  type Activity,
  costText,
  progressOf,
  roleTitle,
  tenantQueries,
  useRunWriting,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** The agent that is writing this item now. */
export function WritingNow({ activity }: { activity: Activity }) {
  const runs = useQuery(tenantQueries.runs({ activityRef: activity.ref }));
  const stored = useQuery({
    ...tenantQueries.runEvents(activity.runRef ?? ""),
    enabled: Boolean(activity.runRef),
  });
  const writing = useRunWriting(activity.runRef, stored.data?.items);
  const run = runs.data?.items.find((one) => one.ref === activity.runRef);
  if (!run) return null;
  return (
    <AgentAtWork
      agent={roleTitle(run.role)}
      subject={activity.title}
      progress={progressOf(run, 0)}
      sentence={writing.note || "You see the draft once a reviewer has read it."}
      cost={costText(null, run.credits)}
    />
  );
}
