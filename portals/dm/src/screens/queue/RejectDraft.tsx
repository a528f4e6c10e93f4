"use client";
import { Button, cx, Dialog, Key, TextArea } from "@leadmetrics/ui";
import { type RejectReason, rejectReasons } from "@leadmetrics/web";
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { reasonWords } from "./reasons.ts";

/** As many as the contract takes; more say nothing. */
const MOST_REASONS = 5;

/** Asks for reasons, and for the note without which nothing can be rejected: it is what the agent works from. */
export function RejectDraft({
  title,
  isOpen,
  rejections,
  onClose,
  onReject,
}: {
  title: string;
  isOpen: boolean;
  /** How often this has been rejected before; of several drafts, the most. */
  rejections: number;
  onClose: () => void;
  onReject: (note: string, reasons: RejectReason[]) => void;
}) {
  const [note, setNote] = useState("");
  const [reasons, setReasons] = useState<readonly RejectReason[]>([]);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const toggle = (reason: RejectReason) =>
    setReasons((now) =>
      now.includes(reason) ? now.filter((one) => one !== reason) : [...now, reason].slice(-MOST_REASONS),
    );
  const reject = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (note.trim().length < 3) return;
    onReject(note.trim(), [...reasons]);
    setNote("");
    setReasons([]);
    setTried(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      form.current?.requestSubmit();
    }
    const nth = event.altKey && /^Digit(\d)$/.exec(event.code)?.[1];
    const reason = nth ? rejectReasons[(Number(nth) + 9) % 10] : undefined;
    if (reason) {
      event.preventDefault();
      toggle(reason);
    }
  };
  return (
    <Dialog title={`Reject “${title}”`} isOpen={isOpen} onClose={onClose}>
      <form ref={form} onSubmit={reject} onKeyDown={onKeyDown} className="flex flex-col gap-4">
        <fieldset>
          <legend className="mb-2 text-sm font-semibold">
            Reasons <span className="font-normal text-muted">· Alt+1 to Alt+0</span>
          </legend>
          <div className="flex flex-wrap gap-1.5">
            {rejectReasons.map((reason) => {
              const on = reasons.includes(reason);
              return (
                <button
                  key={reason}
                  type="button"
                  aria-pressed={on}
                  onClick={() => toggle(reason)}
                  className={cx(
                    "inline-flex h-7 items-center rounded-full border px-2.5 text-xs max-md:h-11 max-md:px-3.5",
                    on ? "border-accent bg-selected text-text" : "border-line text-muted hover:text-text",
                  )}
                >
                  {reasonWords[reason]}
                </button>
              );
            })}
          </div>
        </fieldset>
        <TextArea
          label="What should change?"
          help={
            rejections >= 2
              ? "This is the third rejection: it goes to a person of the DM team, not to the agent."
              : "The agent gets your note together with this version and writes a new one."
          }
          error={
            tried && note.trim().length < 3 ? "Say what should change: the agent works from it." : undefined
          }
          value={note}
          onChange={setNote}
          autoFocus
          rows={4}
          maxLength={4000}
        />
        <div className="flex items-center justify-end gap-2">
          <span className="mr-auto flex items-center gap-1 text-xs text-muted max-md:hidden">
            <Key>Ctrl</Key>
            <Key>Enter</Key>
          </span>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button kind="danger" type="submit">
            Reject
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
