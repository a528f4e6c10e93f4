"use client";
import { Button, ButtonLink } from "@leadmetrics/ui";
import { type ActivityDetail, NotWaiting as Became, useUndecided } from "@leadmetrics/web";

/** In the place of an item that a link led to and that doesn't wait for the client. */
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
  return (
    <div
      className="mx-auto flex w-full max-w-[820px] flex-1 flex-col items-start gap-4 px-6 py-8 max-md:px-4"
      role="status"
    >
      <Became
        activity={activity}
        error={of.error}
        refetch={of.refetch}
        forWhat="you"
        missing={{
          title: "This item is not there",
          reason: "It was removed, or it belongs to another company.",
        }}
        actions={
          <>
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
          </>
        }
      >
        {activity && undecided.has(activity.ref) ? (
          <p className="text-sm text-muted">
            You have just decided on it. As long as the message below is there, you can take that back.
          </p>
        ) : null}
      </Became>
    </div>
  );
}
