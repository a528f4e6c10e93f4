"use client";
import { toast } from "@leadmetrics/ui";
import { type Activity, clientActions, type Target, useAction, useFormat } from "@leadmetrics/web";

interface Move {
  readonly activity: Activity;
  readonly moment: string | null;
  /** The channels it is for; all of them, and the item itself, without any. */
  readonly of: readonly Pick<Target, "channelRef" | "publishOn">[];
  readonly dragged?: boolean;
}

const RENEWS = ["activities", "approvals"];

/**
 * Gives an item, or some of its channels, another moment; the message offers the way back.
 *
 * @param dragged by dragging it there, a feature of its own
 */
export function useReschedule(dragged = false) {
  const format = useFormat();
  const change = useAction(send, {
    renews: RENEWS,
    done: (now, { activity, moment, of }) =>
      toast(moment ? `Goes out on ${format.dateTime(moment)}` : "Goes out as soon as it is approved", {
        lastsMs: 10_000,
        undo: () =>
          back.mutate({
            activity: now,
            moment: (of.length > 0 ? of[0]?.publishOn : activity.publishOn) ?? null,
            of,
          }),
      }),
  });
  const back = useAction(send, { renews: RENEWS });
  return (activity: Activity, moment: string | null, ...of: Move["of"]) =>
    change.mutate({ activity, moment, of, dragged });
}

async function send({ activity, moment, of, dragged }: Move): Promise<Activity> {
  if (of.length === 0) return clientActions.reschedule(activity.ref, activity.version, moment, { dragged });
  let now = activity;
  for (const { channelRef } of of)
    now = await clientActions.reschedule(now.ref, now.version, moment, { channelRef, dragged });
  return now;
}
