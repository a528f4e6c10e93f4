"use client";
import { Icon } from "@leadmetrics/ui";
import { type Activity, useFormat } from "@leadmetrics/web";
import { lastYes } from "./last-yes.ts";

/** What a yes to this draft does, when nobody decides after it. */
export function useLastYes(activity: Activity) {
  const format = useFormat();
  return lastYes(activity, Date.now(), format.dateTime);
}

/** Beside a draft's name: its client has switched their review off. */
export function NoClientReview() {
  return (
    <span className="inline-flex items-center gap-1.5 rounded-full border border-warn/60 px-2 py-0.5 text-xs text-warn-text">
      <Icon of="send" size={12} /> No client review
    </span>
  );
}
