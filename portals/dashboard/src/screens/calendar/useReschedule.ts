"use client";
import { toast } from "@leadmetrics/ui";
import { type Activity, clientActions, useAction, useFormat } from "@leadmetrics/web";

/** Gives an item another moment; the message offers the way back. */
export function useReschedule() {
  const format = useFormat();
  const change = useAction(
    ({ activity, moment }: { activity: Activity; moment: string | null }) =>
      clientActions.reschedule(activity.ref, activity.version, moment),
    {
      renews: ["activities", "approvals"],
      done: (now, { activity, moment }) =>
        toast(moment ? `Goes out on ${format.dateTime(moment)}` : "Goes out as soon as it is approved", {
          lastsMs: 10_000,
          undo: () => back.mutate({ activity: now, moment: activity.publishOn ?? null }),
        }),
    },
  );
  const back = useAction(
    ({ activity, moment }: { activity: Activity; moment: string | null }) =>
      clientActions.reschedule(activity.ref, activity.version, moment),
    { renews: ["activities", "approvals"] },
  );
  return (activity: Activity, moment: string | null) => change.mutate({ activity, moment });
}
