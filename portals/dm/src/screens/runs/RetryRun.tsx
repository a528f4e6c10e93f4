"use client";
import { Button, ErrorNote, Icon, TextArea, toast } from "@leadmetrics/ui";
import { dmActions, dmQueries, Failure, type Run, useAction, whyOf } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

/** A run that failed or was stopped again, with what the agent should mind this time. */
export function RetryRun({ run }: { run: Run }) {
  const { tenantRef, activityRef = "" } = run;
  const detail = useQuery({
    ...dmQueries.activity(tenantRef, activityRef),
    enabled: ["failed", "cancelled"].includes(run.status) && activityRef !== "",
  });
  const [note, setNote] = useState("");
  const activity = detail.data?.activity;
  const retry = useAction(
    (version: number) =>
      dmActions.changeActivity(tenantRef, activityRef, "retry", version, note.trim() || undefined),
    {
      renews: ["activities", "runs"],
      quiet: true,
      done: () => {
        setNote("");
        toast("The agent starts again.", { tone: "ok" });
      },
    },
  );
  // Another run may be at it by now: then there is nothing to do here.
  if (activity?.status !== "failed" || activity.runRef !== run.ref) return null;
  return (
    <section aria-label="Try again" className="flex flex-col gap-3 border-t border-line pt-4">
      {whyOf(activity) ? <ErrorNote message={whyOf(activity)} /> : null}
      {retry.error ? <Failure of={retry.error} /> : null}
      <TextArea
        label="What should the agent mind?"
        help="It stands in the next prompt. May stay empty."
        value={note}
        onChange={setNote}
        rows={2}
        maxLength={2000}
      />
      <Button
        kind="primary"
        className="self-start"
        isPending={retry.isPending}
        onPress={() => retry.mutate(activity.version)}
      >
        <Icon of="rotate-ccw" /> Try again
      </Button>
    </section>
  );
}
