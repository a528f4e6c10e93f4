"use client";
import { AgentAtWork, DraftView, lastSentence, SkeletonText, toast } from "@leadmetrics/ui";
import {
  costText,
  dmActions,
  dmQueries,
  Failure,
  progressOf,
  readableRun,
  roleTitle,
  useAction,
  useRevealed,
  useRunEvents,
  useRunWriting,
  whyOf,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { ActivityCaps } from "./ActivityCaps.tsx";
import { RetryRun } from "./RetryRun.tsx";
import { RunSteps } from "./RunSteps.tsx";

/** A run as it happens: the text arriving, what it did beside writing, its cost, and a way to stop it. */
export function RunStream({ tenantRef, runRef }: { tenantRef: string; runRef: string }) {
  const run = useQuery(dmQueries.run(tenantRef, runRef));
  const stored = useQuery(dmQueries.runEvents(tenantRef, runRef));
  const writing = useRunWriting(runRef, stored.data?.items);
  const events = useRunEvents(runRef);
  const cancel = useAction(() => dmActions.cancelRun(tenantRef, runRef, "Stopped by a reviewer"), {
    renews: ["runs", "activities"],
    done: () => toast("Stopped. Its credits are free again."),
  });
  const live = run.data?.status === "working" || run.data?.status === "admitted";
  const text = useRevealed(writing.text, live);
  if (run.error) return <Failure of={run.error} onRetry={() => void run.refetch()} />;
  if (!run.data) return <SkeletonText />;
  const one = run.data;
  return (
    <div className="flex flex-col gap-5">
      <AgentAtWork
        agent={roleTitle(one.role)}
        subject={one.title}
        progress={live ? progressOf(one, writing.text.length) : 1}
        sentence={live ? writing.note || lastSentence(readableRun(text)) : whyOf(one)}
        note={[one.adapter, one.model].filter(Boolean).join(" · ")}
        cost={costText(writing.usage ?? one.usage, one.credits)}
        onStop={live ? () => cancel.mutate(undefined) : undefined}
      />
      <ActivityCaps run={one} />
      <RunSteps events={events} />
      {text ? (
        <DraftView markdown={readableRun(text)} streaming={live} />
      ) : (
        <p className="text-sm text-muted">{live ? "Nothing written yet." : "This run wrote no text."}</p>
      )}
      <RetryRun run={one} />
    </div>
  );
}
