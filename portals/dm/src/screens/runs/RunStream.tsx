"use client";
import { AgentAtWork, DraftView, lastSentence, SkeletonText, toast } from "@leadmetrics/ui";
import {
  costText,
  dmActions,
  dmQueries,
  Failure,
  progressOf,
  roleTitle,
  useAction,
  useRunWriting,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** A run as it happens: the text arriving, what it did beside writing, its cost, and a way to stop it. */
export function RunStream({ tenantRef, runRef }: { tenantRef: string; runRef: string }) {
  const run = useQuery(dmQueries.run(tenantRef, runRef));
  const stored = useQuery(dmQueries.runEvents(tenantRef, runRef));
  const writing = useRunWriting(runRef, stored.data?.items);
  const cancel = useAction(() => dmActions.cancelRun(tenantRef, runRef, "Stopped by a reviewer"), {
    renews: ["runs", "activities"],
    done: () => toast("Stopped. Its credits are free again."),
  });
  if (run.error) return <Failure of={run.error} onRetry={() => void run.refetch()} />;
  if (!run.data) return <SkeletonText />;
  const one = run.data;
  const live = one.status === "working" || one.status === "admitted";
  return (
    <div className="flex flex-col gap-5">
      <AgentAtWork
        agent={roleTitle(one.role)}
        subject={one.title}
        progress={live ? progressOf(one, writing.text.length) : 1}
        sentence={live ? writing.note || lastSentence(writing.text) : one.problem}
        note={[one.adapter, one.model].filter(Boolean).join(" · ")}
        cost={costText(writing.usage ?? one.usage, one.credits)}
        onStop={live ? () => cancel.mutate(undefined) : undefined}
      />
      {writing.text ? (
        <DraftView markdown={writing.text} streaming={live} />
      ) : (
        <p className="text-sm text-muted">{live ? "Nothing written yet." : "This run wrote no text."}</p>
      )}
    </div>
  );
}
