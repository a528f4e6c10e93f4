"use client";
import { Button, Dialog } from "@leadmetrics/ui";
import { Failure } from "@leadmetrics/web";
import type { FormEvent, ReactNode } from "react";

/** Something new in a dialog: its fields, what was wrong with them, and the way out. */
export function FormDialog({
  title,
  submit,
  isOpen,
  onClose,
  onSubmit,
  isPending,
  isReady,
  failure,
  children,
}: {
  title: string;
  /** Label of the button that stores it. */
  submit: string;
  isOpen: boolean;
  onClose: () => void;
  onSubmit: () => void;
  isPending: boolean;
  /** What has to be filled in is. */
  isReady: boolean;
  failure: unknown;
  children: ReactNode;
}) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <form onSubmit={send} className="flex flex-col gap-4">
        {failure ? <Failure of={failure} /> : null}
        {children}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" isPending={isPending} isDisabled={!isReady}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
