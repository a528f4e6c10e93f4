"use client";
import { AppLink, Button, Icon, TextField } from "@leadmetrics/ui";
import { useState } from "react";
import { auth } from "../api/auth.ts";
import type { SecondFactorChallenge } from "../api/shapes.ts";
import { Failure } from "../app/Query.tsx";
import { answerWithPasskey } from "../security/passkey.ts";
import { CodeForm } from "./CodeForm.tsx";
import { safeNext } from "./next.ts";
import { useSubmit } from "./useSubmit.ts";

type Portal = "dashboard" | "dm" | "manage";

/** Signing in to one portal: with password and perhaps a code, or with a passkey. */
export function LoginForm({
  portal,
  canRegister,
  next,
  ended,
}: {
  portal: Portal;
  canRegister: boolean;
  next?: string;
  ended?: boolean;
}) {
  const [challenge, setChallenge] = useState<SecondFactorChallenge>();
  // A whole page load: everything that was read before belongs to nobody or to somebody else.
  const enter = async () => {
    location.assign(safeNext(next));
    await new Promise(() => undefined);
  };
  if (challenge)
    return (
      <CodeForm portal={portal} challenge={challenge} onIn={enter} onBack={() => setChallenge(undefined)} />
    );
  return (
    <PasswordForm
      portal={portal}
      canRegister={canRegister}
      ended={ended}
      onIn={enter}
      onChallenge={setChallenge}
    />
  );
}

function PasswordForm({
  portal,
  canRegister,
  ended,
  onIn,
  onChallenge,
}: {
  portal: Portal;
  canRegister: boolean;
  ended?: boolean;
  onIn: () => Promise<void>;
  onChallenge: (challenge: SecondFactorChallenge) => void;
}) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const byPassword = useSubmit(async () => {
    const answer = await auth.login({ email: email.trim(), password, portal });
    if ("challenge" in answer) onChallenge(answer.challenge);
    else await onIn();
  });
  const byPasskey = useSubmit(async () => {
    const { optionsJson } = await auth.passkeyOptions(portal);
    await auth.loginWithPasskey({ responseJson: await answerWithPasskey(optionsJson), portal });
    await onIn();
  });
  const { fields } = byPassword;
  const error = byPassword.error ?? byPasskey.error;
  return (
    <form
      method="post"
      onSubmit={(event) => void byPassword.onSubmit(event)}
      className="flex flex-col gap-4"
      noValidate
    >
      {error ? (
        <Failure of={error} />
      ) : ended ? (
        <p className="text-sm text-muted">Your session has ended. Sign in to go on where you were.</p>
      ) : null}
      <TextField
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={setEmail}
        error={fields.email}
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={fields.password}
      />
      <Button kind="primary" type="submit" isPending={byPassword.pending} isDisabled={!email || !password}>
        Sign in
      </Button>
      <Button isPending={byPasskey.pending} onPress={() => void byPasskey.onSubmit()}>
        <Icon of="key-round" /> Use a passkey
      </Button>
      <p className="flex justify-between text-sm text-muted">
        <AppLink href="/forgot-password" className="hover:text-text hover:underline">
          Forgot your password?
        </AppLink>
        {canRegister ? (
          <AppLink href="/register" className="hover:text-text hover:underline">
            Create an account
          </AppLink>
        ) : null}
      </p>
    </form>
  );
}
