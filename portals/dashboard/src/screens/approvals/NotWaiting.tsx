"use client";
import { Button, ButtonLink, OwesChip, SkeletonText, Status } from "@leadmetrics/ui";
import { type ActivityDetail, ApiError, Failure, owedOf, useUndecided } from "@leadmetrics/web";

/** In the place of an item that a link led to and that doesn't wait for the client: what became of it, and the next step. */
export function NotWaiting({
  of,
  onNext,
}: {
  /** What was found of it. */
  of: { data: ActivityDetail | undefined; error: unknown; refetch: () => unknown };
  /** On to the first that waits; missing when none does. */
  onNext: (() => void) | undefined;
}) {
  const activity = of.data?.activity;
  const undecided = useUndecided();
  const isGone = of.error instanceof ApiError && of.error.status === 404;
  const hasAnswer = activity !== undefined || Boolean(of.error);
  return (
    <div
      className="mx-auto flex w-full max-w-[820px] flex-1 flex-col items-start gap-4 px-6 py-8 max-md:px-4"
      role="status"
    >
      {activity ? (
        <>
          <h2 className="text-lg font-semibold" dir="auto">
            “{activity.title}” doesn’t wait for you
          </h2>
          <p className="flex flex-wrap items-center gap-3">
            <Status state={activity.status} />
            <OwesChip owed={owedOf(activity)} />
          </p>
          {undecided.has(activity.ref) ? (
            <p className="text-sm text-muted">
              You have just decided on it. As long as the message below is there, you can take that back.
            </p>
          ) : null}
        </>
      ) : isGone ? (
        <>
          <h2 className="text-lg font-semibold">This item is not there</h2>
          <p className="text-sm text-muted">
            It was removed, or it belongs to another company. Whoever sent you the link can tell you which it
            is.
          </p>
        </>
      ) : of.error ? (
        <Failure of={of.error} onRetry={() => void of.refetch()} />
      ) : (
        <SkeletonText lines={14} />
      )}
      {hasAnswer ? (
        <p className="flex flex-wrap gap-2">
          {onNext ? (
            <Button kind="primary" hint="j" onPress={onNext}>
              Show what waits
            </Button>
          ) : null}
          {activity ? (
            <ButtonLink href={`/content/${activity.ref}`}>Open its history</ButtonLink>
          ) : (
            <ButtonLink href="/content">See what is in the making</ButtonLink>
          )}
        </p>
      ) : null}
    </div>
  );
}
