"use client";
import { Button, Dialog, TextField, toast } from "@leadmetrics/ui";
import { useState } from "react";
import { securityActions } from "../api/security.ts";
import { Failure } from "../app/Query.tsx";
import { useSubmit } from "../auth/useSubmit.ts";
import { ProveDialog } from "./ProveDialog.tsx";
import { QrCode } from "./QrCode.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";

type Step =
  | { kind: "password" }
  | { kind: "scan"; otpauthUri: string; secret: string }
  | { kind: "codes"; codes: string[] };

/** From the password over the QR code to the recovery codes. */
export function TotpSetup({ onClose, onOn }: { onClose: () => void; onOn: () => void }) {
  const [step, setStep] = useState<Step>({ kind: "password" });
  const title = "Codes from an app";
  switch (step.kind) {
    case "password":
      return (
        <ProveDialog
          title={title}
          label="Continue"
          onClose={onClose}
          act={async ({ password }) =>
            setStep({ kind: "scan", ...(await securityActions.startTotp(password)) })
          }
        >
          <p className="text-sm">
            You need an authenticator app on your phone, such as the one of your password manager. From then
            on signing in asks for its code after your password.
          </p>
        </ProveDialog>
      );
    case "scan":
      return (
        <Dialog title={title} isOpen onClose={onClose}>
          <Scan
            otpauthUri={step.otpauthUri}
            secret={step.secret}
            onConfirmed={(codes) => {
              onOn();
              setStep({ kind: "codes", codes });
            }}
          />
        </Dialog>
      );
    case "codes":
      return (
        <Dialog title="Your recovery codes" isOpen onClose={onClose}>
          <RecoveryCodes
            codes={step.codes}
            onDone={() => {
              toast("Codes from your app are on.", { tone: "ok" });
              onClose();
            }}
          />
        </Dialog>
      );
  }
}

function Scan({
  otpauthUri,
  secret,
  onConfirmed,
}: {
  otpauthUri: string;
  secret: string;
  onConfirmed: (codes: string[]) => void;
}) {
  const [code, setCode] = useState("");
  const { pending, error, fields, onSubmit } = useSubmit(async () => {
    const { recoveryCodes } = await securityActions.confirmTotp(code);
    onConfirmed(recoveryCodes);
  });
  return (
    <form onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
      {error && !fields.code ? <Failure of={error} /> : null}
      <p className="text-sm">Scan this with the app, then type the six digits it shows.</p>
      <div className="flex flex-wrap items-center gap-4">
        <QrCode
          text={otpauthUri}
          label="QR code for your authenticator app; the secret in letters is below"
        />
        <div className="min-w-0 flex-1 basis-40 text-sm">
          <p className="text-muted">Can't scan? Type this secret into the app:</p>
          <code className="mt-1 block font-mono text-sm select-all">
            {secret.match(/.{1,4}/g)?.join(" ")}
          </code>
        </div>
      </div>
      <TextField
        label="Code of your app"
        autoComplete="one-time-code"
        autoFocus
        spellCheck={false}
        value={code}
        onChange={setCode}
        error={fields.code}
      />
      <Button kind="primary" type="submit" className="self-end" isPending={pending} isDisabled={!code}>
        Turn on
      </Button>
    </form>
  );
}
