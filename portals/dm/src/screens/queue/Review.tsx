"use client";
import { AppLink, Button, cx, Icon, OwesChip, SkeletonText, Status } from "@leadmetrics/ui";
import {
  type Activity,
  type ActivityDetail,
  contentTypes,
  DraftPane,
  dmActions,
  dmQueries,
  owedOf,
  Query,
  RejectDialog,
  type Revision,
  useDecide,
  useKeys,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { EditDraft } from "./EditDraft.tsx";
import { Inspector } from "./Inspector.tsx";

interface Props {
  activity: Activity;
  tenantName: string;
  onApprove: () => void;
  hiddenOnPhone: boolean;
}

/** One draft: the text, what it was made from beside it, and the decision below. */
export function Review({ activity, tenantName, onApprove, hiddenOnPhone }: Props) {
  const detail = useQuery(dmQueries.activity(activity.tenantRef, activity.ref));
  const decide = useDecide();
  const [mode, setMode] = useState<"read" | "edit" | "reject">("read");
  const revision = current(detail.data, activity);
  const ready = revision !== undefined && revision.contentHash === activity.contentHash;
  const decision = { version: activity.version, contentHash: activity.contentHash };
  useKeys(
    mode === "read" && ready ? { a: onApprove, r: () => setMode("reject"), e: () => setMode("edit") } : {},
  );

  if (mode === "edit" && revision) {
    return <EditDraft activity={activity} revision={revision} onClose={() => setMode("read")} />;
  }
  return (
    <section
      aria-label="Draft"
      className={cx("flex min-w-0 flex-1 flex-col", hiddenOnPhone && "max-md:hidden")}
    >
      <div className="flex min-w-0 flex-1 max-xl:flex-col">
        <div className="min-w-0 flex-1 px-10 py-8 max-md:px-4 max-md:py-4">
          <div className="mx-auto max-w-[640px]">
            <AppLink
              href="/queue"
              className="mb-3 inline-flex items-center gap-1 text-sm text-muted md:hidden"
            >
              <Icon of={ChevronLeft} size={14} /> All to review
            </AppLink>
            <p className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
              <AppLink href={`/tenants/${activity.tenantRef}`} className="hover:text-text hover:underline">
                {tenantName}
              </AppLink>
              <span>{contentTypes[activity.contentType].one}</span>
              <span>Version {activity.revisionNumber}</span>
              <OwesChip owed={owedOf(activity)} />
            </p>
            {activity.escalated ? (
              <p className="mb-5 flex items-start gap-2 rounded-control border border-warn/60 px-3 py-2 text-sm">
                <Icon of={TriangleAlert} className="mt-0.5 text-warn" />
                Rejected {activity.rejections} times. No agent writes this again: edit it yourself, or talk to
                the client.
              </p>
            ) : null}
            <LastNote detail={detail.data} />
            <Query of={detail} loading={<SkeletonText lines={14} />}>
              {() =>
                revision ? (
                  <DraftPane revision={revision} />
                ) : (
                  <p className="text-muted">This activity has no draft.</p>
                )
              }
            </Query>
          </div>
        </div>
        <aside
          aria-label="Made from"
          className="sticky top-12 w-[360px] shrink-0 self-start border-l border-line xl:h-[calc(100dvh-48px-57px)] xl:overflow-auto max-xl:static max-xl:w-full max-xl:border-t max-xl:border-l-0"
        >
          {detail.data ? <Inspector activity={activity} detail={detail.data} revision={revision} /> : null}
        </aside>
      </div>
      <footer className="sticky bottom-0 flex min-h-14 items-center gap-2 border-t border-line bg-bg px-6 py-2 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:px-4">
        <Status state={activity.status} className="max-md:hidden" />
        {detail.data && !ready ? (
          <span className="text-sm text-warn-text">This draft has changed; the list is catching up.</span>
        ) : null}
        <span className="flex-1 max-md:hidden" />
        <Button className="max-md:flex-1" hint="r" isDisabled={!ready} onPress={() => setMode("reject")}>
          Reject
        </Button>
        <Button className="max-md:flex-1" hint="e" isDisabled={!ready} onPress={() => setMode("edit")}>
          Edit
        </Button>
        <Button className="max-md:flex-1" kind="primary" hint="a" isDisabled={!ready} onPress={onApprove}>
          Approve
        </Button>
      </footer>
      <RejectDialog
        title={activity.title}
        rejections={activity.rejections}
        isOpen={mode === "reject"}
        onClose={() => setMode("read")}
        onReject={(note) => {
          setMode("read");
          decide({
            ref: activity.ref,
            message: `Rejected “${activity.title}”`,
            send: () => dmActions.reject(activity.tenantRef, activity.ref, { ...decision, note }),
          });
        }}
      />
    </section>
  );
}

function current(detail: ActivityDetail | undefined, activity: Activity): Revision | undefined {
  return detail?.revisions.find((one) => one.ref === activity.revisionRef) ?? detail?.revisions[0];
}

/** What was asked for the last time this was rejected: the first thing to check. */
function LastNote({ detail }: { detail: ActivityDetail | undefined }) {
  const last = detail?.approvals
    .filter((one) => one.decision === "rejected")
    .sort((a, b) => Date.parse(b.decidedOn ?? "") - Date.parse(a.decidedOn ?? ""))[0];
  if (!last?.note) return null;
  return (
    <div className="mb-6 border-l-2 border-line-strong pl-3 text-sm">
      <p className="text-muted">The {last.step === "client_review" ? "client" : "DM team"} asked for</p>
      <p className="whitespace-pre-wrap">{last.note}</p>
    </div>
  );
}
