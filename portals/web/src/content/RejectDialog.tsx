"use client";
import { Button, Dialog, TextArea } from "@leadmetrics/ui";
import { type FormEvent, useState } from "react";

/** Asks for the note without which nothing can be rejected: it is what the agent works from. */
export function RejectDialog({
  title,
  isOpen,
  rejections,
  onClose,
  onReject,
}: {
  title: string;
  isOpen: boolean;
  /** How often this has been rejected before. */
  rejections: number;
  onClose: () => void;
  onReject: (note: string) => void;
}) {
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const reject = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!note.trim()) return;
    onReject(note.trim());
    setNote("");
    setTried(false);
  };
  return (
    <Dialog title={`Reject “${title}”`} isOpen={isOpen} onClose={onClose}>
      <form onSubmit={reject} className="flex flex-col gap-4">
        <TextArea
          label="What should change?"
          help={
            rejections >= 2
              ? "This is the third rejection: it goes to a person of the DM team, not to the agent."
              : "The agent gets your note together with this version and writes a new one."
          }
          error={tried && !note.trim() ? "Say what should change: the agent works from it." : undefined}
          value={note}
          onChange={setNote}
          autoFocus
          rows={4}
          maxLength={4000}
        />
        <div className="flex justify-end gap-2">
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
