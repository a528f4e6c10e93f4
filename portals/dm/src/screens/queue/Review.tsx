"use client";
import { AppLink, Button, cx, Icon, IconButton, OwesChip, SkeletonText, Status } from "@leadmetrics/ui";
import {
  type Activity,
  type ActivityDetail,
  contentTypes,
  DraftPane,
  dmQueries,
  owedOf,
  Query,
  type ReviewClaim,
  type Revision,
  useAction,
  useKeyMap,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useId, useState } from "react";
import { ClaimBanner } from "./ClaimBanner.tsx";
import { DespiteDialog } from "./DespiteDialog.tsx";
import { Inspector } from "./Inspector.tsx";
import { NoClientReview, useLastYes } from "./LastYes.tsx";
import { useClaim } from "./useClaim.ts";

interface Props {
  activity: Activity;
  tenantName: string;
  claim: ReviewClaim | undefined;
  onApprove: (despiteClaim: boolean) => void;
  onReject: (despiteClaim: boolean) => void;
  onEdit: (revision: Revision, despiteClaim: boolean) => void;
  onBack: () => void;
  hiddenOnPhone: boolean;
}

type Move = "approve" | "reject" | "edit";
const VERBS: Record<Move, string> = { approve: "Approve", reject: "Reject", edit: "Edit" };

/** One draft: the text, what it was made from beside it, and the decision below. */
export function Review(props: Props) {
  const { activity, tenantName, claim, hiddenOnPhone } = props;
  const detail = useQuery(dmQueries.activity(activity.tenantRef, activity.ref));
  const last = useLastYes(activity);
  const lastId = useId();
  const takeOver = useClaim(activity);
  const [asking, setAsking] = useState<Move>();
  /** A key that was pressed before the text was there. */
  const [wish, setWish] = useState<Move>();
  const take = useAction(takeOver, { renews: ["claims"] });
  const revision = current(detail.data, activity);
  const ready = revision !== undefined && revision.contentHash === activity.contentHash;

  const carryOut = (move: Move, inSpite: boolean) => {
    if (!revision) return;
    if (move === "approve") props.onApprove(inSpite);
    else if (move === "edit") props.onEdit(revision, inSpite);
    else props.onReject(inSpite);
  };
  const start = (move: Move) => {
    // Nobody approves what they can't have read; the other two only open something, as soon as there is a text.
    if (!ready) setWish(move === "approve" ? undefined : move);
    else if (claim) setAsking(move);
    else carryOut(move, false);
  };
  const granted = useEffectEvent(start);
  useEffect(() => {
    if (!ready || !wish) return;
    setWish(undefined);
    granted(wish);
  }, [ready, wish]);
  useKeyMap("This draft", {
    a: { what: "Approve", run: () => start("approve") },
    r: { what: "Reject with reasons and a note", run: () => start("reject") },
    e: { what: "Edit and approve", run: () => start("edit") },
    c: { what: "Take over from another reviewer", run: () => claim && take.mutate(undefined) },
  });

  return (
    <section
      aria-label="Draft"
      className={cx("flex min-w-0 flex-1 flex-col", hiddenOnPhone && "max-md:hidden")}
    >
      <div className="flex min-w-0 flex-1 max-xl:flex-col">
        <div className="min-w-0 flex-1 px-10 py-8 max-md:px-4 max-md:py-3">
          <div className="mx-auto max-w-[640px]">
            <div className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted max-md:mb-3">
              <IconButton label="All to review" className="-ml-2 md:hidden" onPress={props.onBack}>
                <Icon of="chevron-left" />
              </IconButton>
              <AppLink href={`/tenants/${activity.tenantRef}`} className="hover:text-text hover:underline">
                {tenantName}
              </AppLink>
              <span>{contentTypes[activity.contentType].one}</span>
              <span>Version {activity.revisionNumber}</span>
              <OwesChip owed={owedOf(activity)} />
              {last ? <NoClientReview /> : null}
            </div>
            {claim ? <ClaimBanner claim={claim} onTakeOver={() => take.mutate(undefined)} /> : null}
            {activity.escalated ? (
              <p className="mb-5 flex items-start gap-2 rounded-control border border-warn/60 px-3 py-2 text-sm">
                <Icon of="triangle-exclamation-point" className="mt-0.5 text-warn" />
                Rejected {activity.rejections} times. No agent writes this again: edit it yourself, or talk to
                the client.
              </p>
            ) : null}
            <LastNote detail={detail.data} />
            <div dir="auto">
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
        </div>
        <aside
          aria-label="Made from"
          className="sticky top-12 w-[360px] shrink-0 self-start border-l border-line xl:h-[calc(100dvh-48px-57px)] xl:overflow-auto max-xl:static max-xl:w-full max-xl:border-t max-xl:border-l-0"
        >
          {detail.data ? <Inspector activity={activity} detail={detail.data} revision={revision} /> : null}
        </aside>
      </div>
      <footer className="sticky bottom-0 flex min-h-14 flex-wrap items-center gap-2 border-t border-line bg-bg px-6 py-2 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:px-4">
        <Status state={activity.status} className="max-md:hidden" />
        {detail.data && !ready ? (
          <span className="text-sm text-warn-text">This draft has changed; the list is catching up.</span>
        ) : null}
        <span
          id={lastId}
          className={cx(
            "min-w-0 flex-1 text-right text-sm text-warn-text",
            last ? "max-md:basis-full max-md:text-left max-md:text-xs" : "max-md:hidden",
          )}
        >
          {last?.line}
        </span>
        <Button className="max-md:flex-1" hint="r" isDisabled={!ready} onPress={() => start("reject")}>
          Reject
        </Button>
        <Button className="max-md:flex-1" hint="e" isDisabled={!ready} onPress={() => start("edit")}>
          Edit
        </Button>
        <Button
          className="max-md:flex-1"
          kind="primary"
          hint="a"
          isDisabled={!ready}
          aria-describedby={last ? lastId : undefined}
          onPress={() => start("approve")}
        >
          {last?.verb ?? "Approve"}
        </Button>
      </footer>
      <DespiteDialog
        claim={asking ? claim : undefined}
        verb={asking ? VERBS[asking] : ""}
        note={asking === "approve" ? last?.line : undefined}
        onClose={() => setAsking(undefined)}
        onGoOn={() => {
          setAsking(undefined);
          if (asking) carryOut(asking, true);
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
      <p className="whitespace-pre-wrap" dir="auto">
        {last.note}
      </p>
    </div>
  );
}
