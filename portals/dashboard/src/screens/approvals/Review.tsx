"use client";
import { AppLink, Button, cx, Icon } from "@leadmetrics/ui";
import {
  type Activity,
  clientActions,
  Query,
  tenantActions,
  tenantQueries,
  useDecide,
  useFormat,
  useKeyMap,
  useMayEdit,
  useMe,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { ChannelPreview } from "../content/ChannelPreview.tsx";
import { useChannelChoices } from "../content/useChannelChoices.ts";
import { About } from "./About.tsx";
import { decisionText, previewTab } from "./rules.ts";

/** Milliseconds an item is open before it counts as read. */
const READ_MS = 1_500;

/** One item and the decision on it. */
export function Review({ activity, onReject }: { activity: Activity; onReject: () => void }) {
  const detail = useQuery(tenantQueries.activity(activity.ref));
  const format = useFormat();
  const decide = useDecide();
  const mayEdit = useMayEdit();
  const decision = { version: activity.version, contentHash: activity.contentHash };
  const ready = detail.data !== undefined;
  const seen = useSeen(activity, ready);
  const [tab, setTab] = useState<string>();
  const choices = useChannelChoices(
    activity.targets.map(({ channelRef, channelName }) => ({ channelRef, name: channelName })),
  );

  const reject = () => {
    if (ready) seen();
    onReject();
  };
  const approve = () => {
    // Nobody approves what they can't have read.
    if (!ready) return;
    if (choices.missing) {
      choices.ask();
      setTab(previewTab(choices.missing.channelRef));
      return;
    }
    seen();
    const { decisions } = choices;
    decide({
      ref: activity.ref,
      message: decisionText(activity.title, choices),
      send: () => tenantActions.approve(activity.ref, { ...decision, channels: decisions }),
    });
  };
  const hold = () =>
    decide({
      ref: activity.ref,
      message: `On hold: “${activity.title}”`,
      send: () => clientActions.hold(activity.ref, activity.version),
    });
  const toggle = ({ channelRef, channelName }: Activity["targets"][number], index: number) => [
    String(index + 1),
    {
      what: `Publish on ${channelName}, or not`,
      run: () => {
        setTab(previewTab(channelRef));
        choices.set(channelRef, { approved: !choices.of(channelRef).approved });
      },
    },
  ];
  useKeyMap(
    "Approvals",
    mayEdit
      ? {
          a: { what: "Approve", run: approve },
          r: { what: "Reject with a note", run: reject },
          h: { what: "Put on hold", run: hold },
          ...Object.fromEntries(choices.hasChoice ? activity.targets.map(toggle) : []),
        }
      : {},
  );

  return (
    <>
      <div className="mx-auto w-full max-w-[820px] flex-1 px-6 py-6 max-md:px-4 max-md:py-4">
        <Query of={detail} loading={<ChannelPreview.Skeleton />}>
          {(data) => (
            <About
              activity={activity}
              detail={data}
              mayEdit={mayEdit}
              choices={choices}
              tab={tab}
              onTab={setTab}
            />
          )}
        </Query>
      </div>
      <footer className="sticky bottom-0 flex flex-wrap items-center gap-3 border-t border-line bg-bg px-6 py-3 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:gap-2 max-md:px-4">
        <span
          className={cx(
            "min-w-0 flex-1 text-sm text-muted",
            choices.hasChoice ? "max-md:basis-full" : "max-md:hidden",
          )}
          aria-live="polite"
        >
          {choices.where
            ? `${choices.where} ${activity.publishOn ? `on ${format.dateTime(activity.publishOn)}` : "once approved"}.`
            : null}
        </span>
        <AppLink
          href={`/content/${activity.ref}`}
          className="text-sm text-accent hover:underline max-md:hidden"
        >
          Full history
        </AppLink>
        {mayEdit ? (
          <>
            <Button kind="quiet" hint="h" onPress={hold}>
              <Icon of="pause" /> <span className="max-md:sr-only">Hold</span>
            </Button>
            <Button className="max-md:flex-1" hint="r" onPress={reject}>
              Reject
            </Button>
            <Button className="max-md:flex-1" kind="primary" hint="a" onPress={approve} isDisabled={!ready}>
              {choices.verdict === "none" ? "Reject everywhere" : "Approve"}
            </Button>
          </>
        ) : (
          <span className="text-sm text-muted">Your role can look, not decide.</span>
        )}
      </footer>
    </>
  );
}

/** Says that this person has read this version: once it has been open for a moment, or at once by what is returned. */
function useSeen({ ref, revisionRef }: Activity, ready: boolean): () => void {
  const looks = Boolean(useMe()?.impersonation);
  const seen = useCallback(() => {
    // Only the next comparison depends on it. Who looks in the client's place has read nothing for them.
    if (revisionRef && !looks) clientActions.markSeen(ref, revisionRef).catch(() => undefined);
  }, [ref, revisionRef, looks]);
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(seen, READ_MS);
    return () => clearTimeout(timer);
  }, [seen, ready]);
  return seen;
}
