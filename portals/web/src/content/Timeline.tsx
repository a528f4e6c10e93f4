"use client";
import { cx, Dot } from "@leadmetrics/ui";
import type { ReactNode } from "react";
import type { ActivityDetail } from "../api/shapes.ts";
import { useFormat } from "../app/useMe.tsx";
import { useActorName } from "../view/actor-name.ts";
import { timelineOf, type WhoseSetting } from "../view/timeline.ts";

/** What happened to an item, newest first, and what is still to come. */
export function Timeline({
  detail,
  link,
  whoseSetting,
}: {
  detail: ActivityDetail;
  link?: ReactNode;
  whoseSetting?: WhoseSetting;
}) {
  const format = useFormat();
  const entries = timelineOf(detail, useActorName(), whoseSetting);
  return (
    <div className="flex flex-col gap-4">
      <ol className="relative flex flex-col">
        {entries.map((entry) => (
          <li key={entry.key} className="flex gap-3 pb-4 text-sm last:pb-0">
            <span className="flex flex-col items-center pt-1.5">
              <Dot tone={entry.tone} />
            </span>
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className={cx(entry.at ? "" : "text-muted")}>{entry.what}</span>
                <span className="tabular text-xs text-muted">
                  {entry.at ? format.dateTime(entry.at) : "to come"}
                </span>
              </div>
              {entry.note ? <p className="mt-0.5 whitespace-pre-wrap text-muted">{entry.note}</p> : null}
            </div>
          </li>
        ))}
      </ol>
      {link}
    </div>
  );
}
