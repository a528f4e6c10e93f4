"use client";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "../forms/Button.tsx";
import { TextField } from "../forms/fields.tsx";
import { Dialog } from "./Dialog.tsx";

/** Fewer characters than this are no reason, where nothing else is asked for. */
const SHORTEST_REASON = 3;
const LONGEST_REASON = 500;

/** Asks for a reason before something that is recorded under it: suspending, ending sessions, signing in as somebody. */
export function ReasonDialog({
  title,
  confirm,
  isOpen,
  onClose,
  onConfirm,
  isPending = false,
  danger = false,
  failure,
  help = "Goes into the audit trail.",
  shortest = SHORTEST_REASON,
  longest = LONGEST_REASON,
  children,
}: {
  title: string;
  /** The verb on the button. */
  confirm: string;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: (reason: string) => void;
  isPending?: boolean;
  danger?: boolean;
  failure?: ReactNode;
  help?: string;
  /** Characters. */
  shortest?: number;
  longest?: number;
  /** What will happen, in a sentence or two. */
  children?: ReactNode;
}) {
  const [reason, setReason] = useState("");
  const form = useId();
  const ready = reason.trim().length >= shortest;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) onConfirm(reason.trim());
  };
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            kind={danger ? "danger" : "primary"}
            type="submit"
            form={form}
            isPending={isPending}
            isDisabled={!ready}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        {failure}
        {children ? <div className="text-sm text-muted">{children}</div> : null}
        <TextField
          label="Reason"
          help={help}
          value={reason}
          onChange={setReason}
          maxLength={longest}
          autoFocus
        />
      </form>
    </Dialog>
  );
}
