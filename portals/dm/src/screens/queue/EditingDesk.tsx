"use client";
import { Button, countWords, cx, DiffView, Key, TextField, toast } from "@leadmetrics/ui";
import {
  type ActivityDetail,
  ApiError,
  DraftEditor,
  dmActions,
  Failure,
  reviewActions,
  useAction,
  useFormat,
  withTitle,
} from "@leadmetrics/web";
import { useQueryClient } from "@tanstack/react-query";
import { useDeferredValue, useId, useMemo, useState } from "react";
import type { EditDraftProps } from "./EditDraft.tsx";
import { type Start, standingOf } from "./edit-rules.ts";
import { Inspector } from "./Inspector.tsx";
import { useLastYes } from "./LastYes.tsx";
import { MovedOn } from "./MovedOn.tsx";
import { type Saving, useAutosave } from "./useAutosave.ts";
import { useClaim } from "./useClaim.ts";
import { useDeskKeys } from "./useDeskKeys.ts";

const savingWords: Record<Saving, string> = {
  saved: "Saved",
  saving: "Saving…",
  here: "No connection: kept on this machine",
  elsewhere: "Another window has gone on with this edit",
};

interface Props extends EditDraftProps {
  start: Start;
  version: number;
  detail: ActivityDetail | undefined;
  /** Opens what another window kept. */
  onOpenOther: () => Promise<void>;
}

/** The draft as it reads, to be edited; checks and material beside it, saving and approving below. */
export function EditingDesk(props: Props) {
  const { activity, revision, start, detail, onClose, onDone } = props;
  const client = useQueryClient();
  const format = useFormat();
  const [title, setTitle] = useState(start.title);
  const [body, setBody] = useState(start.body);
  const [comparing, setComparing] = useState(false);
  const [base, setBase] = useState(start.base);
  useClaim(activity);
  const autosave = useAutosave(activity, base, props.version);
  const standing = standingOf(detail?.activity, base);
  // Checks of a long text wait until nothing is typed.
  const settled = useDeferredValue(body);
  const checked = useMemo(() => ({ ...revision, title, body: settled }), [revision, title, settled]);
  const changed = title !== revision.title || body !== revision.body;
  const now = detail?.activity ?? activity;

  const approve = useAction(
    () =>
      dmActions.editAndApprove(activity.tenantRef, activity.ref, {
        version: now.version,
        contentHash: base,
        title: title.trim(),
        body,
        despiteClaim: props.despiteClaim,
      }),
    {
      renews: ["queue", "activities", "claims", "review-stats"],
      quiet: true,
      done: () => {
        autosave.end();
        toast(`Edited and approved “${title.trim()}”`, { tone: "ok" });
        onDone();
      },
    },
  );
  const discard = async () => {
    autosave.end();
    await reviewActions.discardEdit(activity.tenantRef, activity.ref).catch(() => undefined);
    await client.invalidateQueries({ queryKey: ["queue"] });
    onClose();
  };
  const write = (nextTitle: string, nextBody: string) => {
    setTitle(nextTitle);
    setBody(nextBody);
    autosave.keep(nextTitle, nextBody);
  };
  const ready = changed && title.trim() !== "" && body.trim() !== "" && standing === "same";
  useDeskKeys({
    approve: () => {
      if (ready && !approve.isPending) approve.mutate(undefined);
    },
    close: onClose,
  });
  const last = useLastYes(now);
  const lastId = useId();
  const refused = approve.error instanceof ApiError ? approve.error.fields : {};
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-w-0 flex-1 max-xl:flex-col">
        <section aria-label="Edit the draft" className="min-w-0 flex-1 px-10 py-6 max-md:px-4 max-md:py-4">
          <div className="mx-auto flex max-w-[680px] flex-col gap-4">
            {standing !== "same" && detail ? (
              <MovedOn
                detail={detail}
                standing={standing}
                title={title}
                body={body}
                onTakeTheirs={() => void discard()}
                onKeepMine={() => setBase(detail.activity.contentHash)}
              />
            ) : null}
            {approve.error && standing === "same" ? <Failure of={approve.error} /> : null}
            <TextField
              label="Title"
              value={title}
              onChange={(next) => write(next, body)}
              error={refused.title}
              maxLength={300}
            />
            {comparing ? (
              <div dir="auto">
                <DiffView before={withTitle(revision)} after={withTitle({ title, body })} />
              </div>
            ) : null}
            <div className={comparing ? "hidden" : undefined}>
              <DraftEditor
                label="Text of the draft"
                markdown={start.body}
                citations={revision.citations}
                onChange={(markdown) => write(title, markdown)}
              />
            </div>
          </div>
        </section>
        <aside
          aria-label="Made from"
          className="sticky top-12 w-[360px] shrink-0 self-start border-l border-line xl:h-[calc(100dvh-48px-57px)] xl:overflow-auto max-xl:static max-xl:w-full max-xl:border-t max-xl:border-l-0"
        >
          {detail ? <Inspector activity={activity} detail={detail} revision={checked} /> : null}
        </aside>
      </div>
      <footer className="sticky bottom-0 z-10 flex min-h-14 flex-wrap items-center gap-2 border-t border-line bg-bg px-6 py-2 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:px-4">
        <span role="status" className="tabular text-sm text-muted max-md:text-xs">
          {countWords(body)} words · {changed ? savingWords[autosave.saving] : "Nothing changed"}
          {start.keptOn && changed ? (
            <span className="max-md:hidden"> · taken up from {format.dateTime(start.keptOn)}</span>
          ) : null}
        </span>
        {autosave.saving === "elsewhere" ? (
          <>
            <Button size="small" onPress={() => void props.onOpenOther()}>
              Open that one
            </Button>
            <Button size="small" onPress={() => void autosave.insist()}>
              Keep this one
            </Button>
          </>
        ) : null}
        <span
          id={lastId}
          className={cx(
            "min-w-0 flex-1 text-right text-sm text-warn-text",
            last && "max-md:basis-full max-md:text-left max-md:text-xs",
          )}
        >
          {last?.line}
        </span>
        {changed ? (
          <>
            <Button kind="quiet" className="max-md:hidden" onPress={() => void discard()}>
              Discard
            </Button>
            <Button aria-pressed={comparing} onPress={() => setComparing(!comparing)}>
              {comparing ? "Write" : "Changes"}
            </Button>
          </>
        ) : null}
        <Button onPress={onClose}>
          Back <Key>Esc</Key>
        </Button>
        <Button
          kind="primary"
          isPending={approve.isPending}
          isDisabled={!ready}
          aria-describedby={last ? lastId : undefined}
          onPress={() => approve.mutate(undefined)}
        >
          {last && last.verb !== "Approve" ? `Save, ${last.verb.toLowerCase()}` : "Save and approve"}
        </Button>
      </footer>
    </div>
  );
}
