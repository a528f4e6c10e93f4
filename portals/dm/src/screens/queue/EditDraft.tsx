"use client";
import { Button, countWords, cx, DraftView, TextField, toast } from "@leadmetrics/ui";
import { type Activity, ApiError, dmActions, Failure, type Revision, useAction } from "@leadmetrics/web";
import { useEffect, useState } from "react";

/** Markdown at the left, how it reads at the right; saving is a new revision by the reviewer, approved at once. */
export function EditDraft({
  activity,
  revision,
  onClose,
}: {
  activity: Activity;
  revision: Revision;
  onClose: () => void;
}) {
  const kept = `lm:edit:${activity.ref}:${revision.contentHash}`;
  const [title, setTitle] = useState(revision.title);
  const [body, setBody] = useState(revision.body);
  const [side, setSide] = useState<"write" | "read">("write");
  useEffect(() => {
    const saved = sessionStorage.getItem(kept);
    if (saved) setBody(saved);
  }, [kept]);
  const write = (text: string) => {
    setBody(text);
    sessionStorage.setItem(kept, text);
  };
  const save = useAction(
    () =>
      dmActions.editAndApprove(activity.tenantRef, activity.ref, {
        version: activity.version,
        contentHash: activity.contentHash,
        title: title.trim(),
        body,
      }),
    {
      renews: ["queue", "activities"],
      quiet: true,
      done: () => {
        sessionStorage.removeItem(kept);
        toast(`Edited and approved “${title.trim()}”`, { tone: "ok" });
        onClose();
      },
    },
  );
  const changed = title !== revision.title || body !== revision.body;
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  return (
    <section aria-label="Edit the draft" className="flex min-w-0 flex-1 flex-col">
      <div className="flex flex-col gap-3 px-6 pt-4 max-md:px-4">
        {save.error ? <Failure of={save.error} /> : null}
        <TextField label="Title" value={title} onChange={setTitle} error={refused.title} maxLength={200} />
        <div className="flex gap-1 lg:hidden">
          <Button size="small" kind={side === "write" ? "plain" : "quiet"} onPress={() => setSide("write")}>
            Write
          </Button>
          <Button size="small" kind={side === "read" ? "plain" : "quiet"} onPress={() => setSide("read")}>
            Read
          </Button>
        </div>
      </div>
      <div className="grid min-h-0 flex-1 gap-8 px-6 py-4 max-md:px-4 lg:grid-cols-2">
        <textarea
          aria-label="Text, as Markdown"
          value={body}
          onChange={(event) => write(event.target.value)}
          spellCheck
          className={cx(
            "control min-h-[60dvh] resize-none !p-4 font-mono !text-sm !leading-6",
            side === "read" && "max-lg:hidden",
          )}
        />
        <div
          className={cx("overflow-auto lg:max-h-[calc(100dvh-220px)]", side === "write" && "max-lg:hidden")}
        >
          <DraftView
            markdown={`# ${title}\n\n${body.replace(/^\s*#\s+.+\n+/, "")}`}
            citations={revision.citations}
          />
        </div>
      </div>
      <footer className="sticky bottom-0 flex min-h-14 items-center gap-2 border-t border-line bg-bg px-6 py-2 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:px-4">
        <span className="tabular text-sm text-muted max-md:hidden">
          {countWords(body)} words{changed ? " · changed, kept in this tab" : ""}
        </span>
        <span className="flex-1" />
        <Button kind="quiet" onPress={onClose}>
          Back
        </Button>
        <Button
          kind="primary"
          isPending={save.isPending}
          isDisabled={!changed || !title.trim() || !body.trim()}
          onPress={() => save.mutate(undefined)}
        >
          Save and approve
        </Button>
      </footer>
    </section>
  );
}
