"use client";
import { Button, Dialog, TextField } from "@leadmetrics/ui";
import { type ReactNode, useState } from "react";
import { Failure } from "../app/Query.tsx";
import { useSubmit } from "../auth/useSubmit.ts";

export interface Proof {
  password: string;
  code: string;
}

/** Asks for the password again, and for a code where a second factor is taken away, before something is changed. */
export function ProveDialog({
  title,
  label,
  withCode = false,
  danger = false,
  act,
  onClose,
  children,
}: {
  title: string;
  /** What the button says. */
  label: string;
  withCode?: boolean;
  danger?: boolean;
  act: (proof: Proof) => Promise<void>;
  onClose: () => void;
  /** What will happen, and further fields. */
  children: ReactNode;
}) {
  const [proof, setProof] = useState<Proof>({ password: "", code: "" });
  const { pending, error, fields, onSubmit } = useSubmit(() => act(proof));
  const shownAtField = Boolean(fields.password ?? fields.code);
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
        {error && !shownAtField ? <Failure of={error} /> : null}
        {children}
        <TextField
          label="Your password"
          type="password"
          autoComplete="current-password"
          autoFocus
          value={proof.password}
          onChange={(password) => setProof({ ...proof, password })}
          error={fields.password}
        />
        {withCode ? (
          <TextField
            label="Code of your app"
            autoComplete="one-time-code"
            spellCheck={false}
            value={proof.code}
            onChange={(code) => setProof({ ...proof, code })}
            error={fields.code}
            help="Or one of your recovery codes."
          />
        ) : null}
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            kind={danger ? "danger" : "primary"}
            type="submit"
            isPending={pending}
            isDisabled={!proof.password || (withCode && !proof.code)}
          >
            {label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
