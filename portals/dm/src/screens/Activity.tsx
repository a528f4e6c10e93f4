"use client";
import {
  Button,
  ErrorNote,
  Icon,
  IconButton,
  Menu,
  OwesChip,
  Page,
  part,
  SkeletonText,
  Status,
} from "@leadmetrics/ui";
import {
  type ActivityDetail,
  DraftPane,
  dmActions,
  dmQueries,
  owedOf,
  Query,
  useAction,
  whyOf,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { TargetLines } from "./activities/TargetLines.tsx";

const Inspector = part(async () => (await import("./queue/Inspector.tsx")).Inspector, <SkeletonText />);
const CapsOfRun = part(async () => (await import("./runs/ActivityCaps.tsx")).CapsOfRun);
const RunStream = part(async () => (await import("./runs/RunStream.tsx")).RunStream, <SkeletonText />);

/** One activity, whatever its state: live text while it is written, the draft once there is one. */
export function ActivityScreen({ tenantOf, refOf }: { tenantOf: string; refOf: string }) {
  const detail = useQuery(dmQueries.activity(tenantOf, refOf));
  return (
    <Page
      title={detail.data?.activity.title ?? "Activity"}
      crumbs={[{ href: "/activities", label: "Activities" }]}
      actions={detail.data ? <Actions detail={detail.data} /> : null}
      width="fill"
    >
      <Query
        of={detail}
        loading={
          <div className="p-6">
            <SkeletonText />
          </div>
        }
      >
        {(data) => <Body detail={data} tenantRef={tenantOf} />}
      </Query>
    </Page>
  );
}

function Body({ detail, tenantRef }: { detail: ActivityDetail; tenantRef: string }) {
  const { activity, revisions } = detail;
  const revision = revisions.find((one) => one.ref === activity.revisionRef) ?? revisions[0];
  // Each channel says by itself what is wrong there.
  const several = activity.targets.length > 1;
  const writing = activity.status === "working" && activity.runRef;
  return (
    <div className="flex min-h-0 flex-1 max-xl:flex-col">
      <div className="min-w-0 flex-1 px-10 py-8 max-md:px-4 max-md:py-4">
        <div className="mx-auto flex max-w-[640px] flex-col gap-5">
          <div className="flex flex-wrap items-center gap-3">
            <Status state={activity.status} />
            <OwesChip owed={owedOf(activity)} />
            {activity.publishedUrl && !several ? (
              <a
                href={activity.publishedUrl}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-flex items-center gap-1 text-sm text-accent hover:underline"
              >
                <Icon of="external-link" size={14} /> {activity.publishedUrl}
              </a>
            ) : null}
          </div>
          {activity.problem && !several ? <ErrorNote message={whyOf(activity)} /> : null}
          {several ? <TargetLines activity={activity} /> : null}
          {activity.runRef && !writing ? <CapsOfRun tenantRef={tenantRef} runRef={activity.runRef} /> : null}
          {writing ? (
            <RunStream tenantRef={tenantRef} runRef={activity.runRef ?? ""} />
          ) : revision ? (
            <div dir="auto">
              <DraftPane revision={revision} />
            </div>
          ) : (
            <p className="text-sm text-muted">No draft yet.</p>
          )}
        </div>
      </div>
      <aside
        aria-label="Made from"
        className="w-[360px] shrink-0 border-l border-line max-xl:w-full max-xl:border-t max-xl:border-l-0"
      >
        <Inspector activity={activity} detail={detail} revision={revision} />
      </aside>
    </div>
  );
}

function Actions({ detail: { activity } }: { detail: ActivityDetail }) {
  const router = useRouter();
  const change = useAction(
    (what: "hold" | "resume" | "cancel" | "retry") =>
      dmActions.changeActivity(activity.tenantRef, activity.ref, what, activity.version),
    { renews: ["activities", "queue"] },
  );
  const failed = activity.status === "failed" || activity.status === "publish_failed";
  const over = ["published", "cancelled", "publishing", "unconfirmed"].includes(activity.status);
  return (
    <>
      {activity.status === "dm_review" ? (
        <Button kind="primary" onPress={() => router.push(`/queue?activity=${activity.ref}`)}>
          <Icon of="scan-eye" /> Review
        </Button>
      ) : null}
      {failed ? (
        <Button kind="primary" isPending={change.isPending} onPress={() => change.mutate("retry")}>
          <Icon of="rotate-ccw" /> Try again
        </Button>
      ) : null}
      {over ? null : (
        <Menu
          label="More"
          trigger={
            <IconButton label="More actions">
              <Icon of="ellipsis" />
            </IconButton>
          }
          actions={[
            activity.status === "on_hold"
              ? { id: "resume", label: "Resume", icon: "play", onAction: () => change.mutate("resume") }
              : { id: "hold", label: "Put on hold", icon: "pause", onAction: () => change.mutate("hold") },
            {
              id: "cancel",
              label: "Cancel this activity",
              icon: "ban",
              danger: true,
              onAction: () => change.mutate("cancel"),
            },
          ]}
        />
      )}
    </>
  );
}
