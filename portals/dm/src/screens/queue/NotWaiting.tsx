"use client";
import { Button, ButtonLink, cx, Icon, IconButton } from "@leadmetrics/ui";
import { NotWaiting as Became, type QueuePlace } from "@leadmetrics/web";
import { whereItIs } from "./where-it-is.ts";

interface Props {
  /** What was found of the draft the link led to. */
  of: { data: QueuePlace | undefined; error: unknown; refetch: () => unknown };
  /** On to the first that waits; missing when none does. */
  onNext: (() => void) | undefined;
  onBack: () => void;
  hiddenOnPhone: boolean;
}

/** In the place of a draft that a link led to and that doesn't wait here. */
export function NotWaiting({ of, onNext, onBack, hiddenOnPhone }: Props) {
  const activity = of.data?.activity;
  return (
    <section
      aria-label="Draft"
      className={cx("min-w-0 flex-1 px-10 py-8 max-md:px-4 max-md:py-3", hiddenOnPhone && "max-md:hidden")}
    >
      <div className="mx-auto flex max-w-[640px] flex-col items-start gap-4" role="status">
        <IconButton label="All to review" className="-ml-2 md:hidden" onPress={onBack}>
          <Icon of="chevron-left" />
        </IconButton>
        <Became
          activity={activity}
          error={of.error}
          refetch={of.refetch}
          forWhat="review"
          missing={{
            title: "This draft is not there",
            reason: "It was removed, or its tenant is not assigned to you any more.",
          }}
          actions={
            <>
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
            </>
          }
        >
          {activity ? <p className="text-sm text-muted">{whereItIs(activity.status)}</p> : null}
        </Became>
      </div>
    </section>
  );
}
