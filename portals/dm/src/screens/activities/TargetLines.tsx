"use client";
import { Icon, OwesChip, Status } from "@leadmetrics/ui";
import { type Activity, targetOwes, targetState } from "@leadmetrics/web";

/** Each channel of an item that goes to several: how it stands there, who owes the next move, and where the post is. */
export function TargetLines({ activity }: { activity: Activity }) {
  return (
    <ul aria-label="Channels" className="divide-y divide-line border-y border-line">
      {activity.targets.map((target) => {
        const state = targetState(target, activity, Date.now());
        const why = target.decision === "declined" ? target.note : target.problem;
        return (
          <li key={target.channelRef} className="flex flex-col gap-1 py-2 text-sm">
            <span className="flex flex-wrap items-center gap-3">
              <span className="font-semibold" dir="auto">
                {target.channelName}
              </span>
              <Status state={state} />
              <OwesChip owed={targetOwes(target, activity, state)} />
            </span>
            {target.url ? (
              <a
                href={target.url}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-flex min-w-0 items-center gap-1 text-accent hover:underline max-md:min-h-11"
              >
                <Icon of="external-link" size={14} className="shrink-0" />
                <span className="truncate">{target.url}</span>
              </a>
            ) : null}
            {why ? (
              <span className="text-muted" dir="auto">
                {why}
              </span>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
