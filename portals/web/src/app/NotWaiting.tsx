"use client";
import { OwesChip, SkeletonText, Status } from "@leadmetrics/ui";
import type { ReactNode } from "react";
import { ApiError } from "../api/errors.ts";
import type { Activity } from "../api/shapes.ts";
import { owedOf } from "../view/activity.ts";
import { Failure } from "./Query.tsx";

/** What became of an item that a link led to and that doesn't wait for whoever opened it, and their next step. */
export function NotWaiting({
  activity,
  error,
  refetch,
  forWhat,
  missing,
  children,
  actions,
}: {
  activity: Activity | undefined;
  error: unknown;
  refetch: () => unknown;
  /** Ends the heading: "doesn't wait for …". */
  forWhat: string;
  /** What is said when it can't be found. */
  missing: { title: string; reason: string };
  /** More about the item that was found. */
  children?: ReactNode;
  actions: ReactNode;
}) {
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <>
      {activity ? (
        <>
          <h2 className="text-lg font-semibold" dir="auto">
            “{activity.title}” doesn’t wait for {forWhat}
          </h2>
          <p className="flex flex-wrap items-center gap-3">
            <Status state={activity.status} />
            <OwesChip owed={owedOf(activity)} />
          </p>
          {children}
        </>
      ) : isGone ? (
        <>
          <h2 className="text-lg font-semibold">{missing.title}</h2>
          <p className="text-sm text-muted">
            {missing.reason} Whoever sent you the link can tell you which it is.
          </p>
        </>
      ) : error ? (
        <Failure of={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={14} />
      )}
      {activity || error ? <p className="flex flex-wrap gap-2">{actions}</p> : null}
    </>
  );
}
