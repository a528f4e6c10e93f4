"use client";
import { Button, TextField } from "@leadmetrics/ui";
import { useState } from "react";
import { auth } from "../api/auth.ts";
import type { SecondFactorChallenge } from "../api/shapes.ts";
import { Failure } from "../app/Query.tsx";
import { useSubmit } from "./useSubmit.ts";

/** The second step: the app's code, or a recovery code. */
export function CodeForm({
  portal,
  challenge,
  onIn,
  onBack,
}: {
  portal: string;
  challenge: SecondFactorChallenge;
  onIn: () => Promise<void>;
  /** Back to the password: by choice, or because the challenge is over. */
  onBack: () => void;
}) {
  const [code, setCode] = useState("");
  const [byRecovery, setByRecovery] = useState(false);
  const { pending, error, onSubmit } = useSubmit(async () => {
    await auth.loginWithCode({ challengeToken: challenge.token, code: code.trim(), portal });
    await onIn();
  });
  const isOver = error?.code === "challenge_over";
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
      {error ? <Failure of={error} /> : null}
      {isOver ? null : (
        <>
          <TextField
            // Another field with the focus in it, not the same one renamed.
            key={byRecovery ? "recovery" : "app"}
            label={byRecovery ? "Recovery code" : "Code of your authenticator app"}
            name="code"
            autoComplete={byRecovery ? "off" : "one-time-code"}
            autoFocus
            spellCheck={false}
            value={code}
            onChange={setCode}
            help={
              byRecovery ? "One of those you kept when you set up the app. It works once." : "Six digits."
            }
          />
          <Button kind="primary" type="submit" isPending={pending} isDisabled={!code.trim()}>
            Sign in
          </Button>
          <Button
            kind="quiet"
            onPress={() => {
              setByRecovery(!byRecovery);
              setCode("");
            }}
          >
            {byRecovery ? "Use the app's code" : "Use a recovery code"}
          </Button>
        </>
      )}
      <Button kind={isOver ? "primary" : "quiet"} onPress={onBack}>
        Back to the password
      </Button>
    </form>
  );
}
