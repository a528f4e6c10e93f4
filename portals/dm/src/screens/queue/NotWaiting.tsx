"use client";
import { Button, ButtonLink, cx, Icon, IconButton, OwesChip, SkeletonText, Status } from "@leadmetrics/ui";
import { ApiError, Failure, owedOf, type QueuePlace } from "@leadmetrics/web";
import { whereItIs } from "./where-it-is.ts";

interface Props {
  /** What was found of the draft the link led to. */
  of: { data: QueuePlace | undefined; error: unknown; refetch: () => unknown };
  /** On to the first that waits; missing when none does. */
  onNext: (() => void) | undefined;
  onBack: () => void;
  hiddenOnPhone: boolean;
}

/** In the place of a draft that a link led to and that doesn't wait here: what became of it, and the next step. */
export function NotWaiting({ of, onNext, onBack, hiddenOnPhone }: Props) {
  const activity = of.data?.activity;
  const isGone = of.error instanceof ApiError && of.error.status === 404;
  return (
    <section
      aria-label="Draft"
      className={cx("min-w-0 flex-1 px-10 py-8 max-md:px-4 max-md:py-3", hiddenOnPhone && "max-md:hidden")}
    >
      <div className="mx-auto flex max-w-[640px] flex-col items-start gap-4" role="status">
        <IconButton label="All to review" className="-ml-2 md:hidden" onPress={onBack}>
          <Icon of="chevron-left" />
        </IconButton>
        {activity ? (
          <>
            <h2 className="text-lg font-semibold" dir="auto">
              “{activity.title}” doesn’t wait for review
            </h2>
            <p className="flex flex-wrap items-center gap-3">
              <Status state={activity.status} />
              <OwesChip owed={owedOf(activity)} />
            </p>
            <p className="text-sm text-muted">{whereItIs(activity.status)}</p>
          </>
        ) : isGone ? (
          <>
            <h2 className="text-lg font-semibold">This draft is not there</h2>
            <p className="text-sm text-muted">
              It was removed, or its tenant is not assigned to you any more. Whoever sent you the link can
              tell you which it is.
            </p>
          </>
        ) : of.error ? (
          <Failure of={of.error} onRetry={() => void of.refetch()} />
        ) : (
          <SkeletonText lines={14} />
        )}
        {activity || of.error ? (
          <p className="flex flex-wrap gap-2">
            {onNext ? (
              <Button kind="primary" hint="j" onPress={onNext}>
                Review the next draft
              </Button>
            ) : null}
            {activity ? (
              <ButtonLink href={`/activities/${activity.tenantRef}/${activity.ref}`}>
                Open the activity
              </ButtonLink>
            ) : null}
          </p>
        ) : null}
      </div>
    </section>
  );
}
