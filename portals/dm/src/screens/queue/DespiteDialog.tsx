"use client";
import { Button, Dialog } from "@leadmetrics/ui";
import type { ReviewClaim } from "@leadmetrics/web";
import { holderName } from "./claims.ts";

/** Asks once more before somebody else's draft is decided. */
export function DespiteDialog({
  claim,
  verb,
  note,
  onClose,
  onGoOn,
}: {
  claim: ReviewClaim | undefined;
  /** "Approve", "Reject", "Edit". */
  verb: string;
  /** What going on would do besides. */
  note?: string;
  onClose: () => void;
  onGoOn: () => void;
}) {
  const name = claim ? holderName(claim) : "";
  return (
    <Dialog title={`${name} is at this draft`} isOpen={claim !== undefined} onClose={onClose}>
      <p className="text-sm">
        They may be reading or editing it right now. If you decide, their unfinished edit stays theirs, but
        this draft moves on without it.
      </p>
      {note ? <p className="text-sm text-warn-text">{note}</p> : null}
      <div className="flex justify-end gap-2">
        <Button kind="quiet" autoFocus onPress={onClose}>
          Leave it to them
        </Button>
        <Button kind="primary" onPress={onGoOn}>
          {verb} anyway
        </Button>
      </div>
    </Dialog>
  );
}
