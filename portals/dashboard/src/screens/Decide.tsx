"use client";
import { Button, EmptyState, Icon, Mark, SkeletonText, Tabs, TextArea } from "@leadmetrics/ui";
import {
  ApiError,
  clientActions,
  contentTypes,
  Failure,
  type LinkedDraft,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { ChannelChoice } from "./content/ChannelChoice.tsx";
import { OnChannel } from "./content/ChannelPreview.tsx";
import { useChannelChoices } from "./content/useChannelChoices.ts";
import { useLinkDecision } from "./decide/useLinkDecision.ts";

/** One item, by a mailed link: read it, decide once. No session, and nothing else of the company. */
export function DecideScreen() {
  const token = useToken();
  const linked = useQuery({
    queryKey: ["approval-link", token],
    queryFn: () => clientActions.openLink(token ?? ""),
    enabled: Boolean(token),
    retry: (count, cause) =>
      !(cause instanceof ApiError && cause.status >= 400 && cause.status < 500) && count < 3,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (token === undefined) return <Sheet>{null}</Sheet>;
  if (linked.data && token) return <Decide token={token} draft={linked.data} />;
  const refused = linked.error instanceof ApiError && linked.error.status < 500 && linked.error.status > 0;
  return (
    <Sheet>
      {!token || refused ? (
        <EmptyState icon="link-2-off" title="This link doesn't open anything (any more)">
          {linked.error instanceof ApiError && linked.error.status === 409
            ? linked.error.message
            : "Open it as it stands in the mail, or sign in to see what waits for you."}
          <span className="mt-4 block">
            <a href="/approvals" className="text-accent hover:underline">
              Sign in
            </a>
          </span>
        </EmptyState>
      ) : linked.error ? (
        <Failure of={linked.error} onRetry={() => void linked.refetch()} />
      ) : (
        <SkeletonText />
      )}
    </Sheet>
  );
}

function Sheet({ children, foot }: { children: ReactNode; foot?: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-4 text-sm font-semibold">
        <Mark /> Leadmetrics
      </header>
      <main id="main" className="mx-auto w-full max-w-[820px] flex-1 px-6 py-6 max-md:px-4">
        {children}
      </main>
      {foot}
    </div>
  );
}

function Decide({ token, draft }: { token: string; draft: LinkedDraft }) {
  const format = useFormat();
  const { state, note, setNote, approve, askNote, back, reject, undo } = useLinkDecision(token);
  const [tab, setTab] = useState(draft.channels[0]?.channelRef);
  const choices = useChannelChoices(draft.channels);
  const yes = () => {
    if (!choices.missing) return approve(choices.decisions);
    choices.ask();
    setTab(choices.missing.channelRef);
  };
  const kind = contentTypes[draft.contentType].one.toLowerCase();
  if (state.at === "sent")
    return (
      <Sheet>
        <EmptyState icon="check-check" title={state.approved ? "Approved" : "Rejected, with your note"}>
          {state.approved
            ? "Thank you. This link is used up; you can close the page."
            : "The team gets your note with this version and writes a new one. You get a mail when it is there."}
        </EmptyState>
      </Sheet>
    );
  const where = choices.where ? `${choices.where} ` : "";
  const when = draft.publishOn ? `on ${format.dateTime(draft.publishOn)}` : "once approved";
  return (
    <Sheet
      foot={
        <footer className="sticky bottom-0 border-t border-line bg-bg px-4 py-3 pb-[calc(12px+env(safe-area-inset-bottom))]">
          <div className="mx-auto flex w-full max-w-[788px] flex-col gap-3">
            {state.at === "failed" ? <Failure of={state.cause} /> : null}
            {state.at === "waiting" ? (
              <div role="status" className="flex items-center gap-3">
                <span className="flex-1 text-sm">
                  {state.approved ? "Approved." : "Rejected."} Sent in a few seconds.
                </span>
                <Button onPress={undo}>
                  <Icon of="undo-2" size={16} /> Undo
                </Button>
              </div>
            ) : state.at === "note" ? (
              <>
                <TextArea
                  label="What should change?"
                  help="The team gets your note together with this version."
                  value={note}
                  onChange={setNote}
                  rows={3}
                  maxLength={4000}
                  autoFocus
                />
                <div className="flex gap-2">
                  <Button className="max-md:flex-1" onPress={back}>
                    Back
                  </Button>
                  <span className="flex-1 max-md:hidden" />
                  <Button
                    className="max-md:flex-1"
                    kind="danger"
                    onPress={reject}
                    isDisabled={note.trim().length < 3}
                  >
                    Reject
                  </Button>
                </div>
              </>
            ) : (
              <div className="flex gap-2">
                <Button className="max-md:flex-1" onPress={askNote}>
                  Reject
                </Button>
                <span className="flex-1 max-md:hidden" />
                <Button className="max-md:flex-1" kind="primary" onPress={yes}>
                  {choices.verdict === "none" ? "Reject everywhere" : "Approve"}
                </Button>
              </div>
            )}
          </div>
        </footer>
      }
    >
      <h1 className="text-lg font-semibold text-balance" dir="auto">
        {draft.title}
      </h1>
      <p className="mt-1 mb-5 text-sm text-muted">
        A {kind}, version {draft.revisionNumber}. {where}
        {draft.channelName ? `${when}. ` : ""}This link is yours alone, until {format.date(draft.expiresOn)}.
      </p>
      {choices.hasChoice ? (
        <Tabs
          label="As it will look"
          selected={tab}
          onSelect={setTab}
          items={draft.channels.map((channel) => ({
            id: channel.channelRef,
            label: choices.of(channel.channelRef).approved ? channel.name : `${channel.name} (not here)`,
            content: (
              <>
                <ChannelChoice
                  channel={channel}
                  choices={choices}
                  publishOn={channel.publishOn ?? draft.publishOn ?? undefined}
                  mayDecide={state.at !== "waiting"}
                />
                <OnChannel
                  contentType={draft.contentType}
                  draft={draft}
                  url={channel.url}
                  name={channel.name}
                />
              </>
            ),
          }))}
        />
      ) : (
        <OnChannel
          contentType={draft.contentType}
          draft={draft}
          url={draft.channelUrl || undefined}
          name={draft.channelName || undefined}
        />
      )}
    </Sheet>
  );
}

const changes = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

/** The secret after the "#"; undefined until the browser is asked, as no server sees it. */
function useToken(): string | undefined {
  return useSyncExternalStore(
    changes,
    () => decodeURIComponent(location.hash.slice(1)),
    () => undefined,
  );
}
