"use client";
import { AppLink, Button, TextField } from "@leadmetrics/ui";
import { useState } from "react";
import { auth } from "../api/auth.ts";
import { Failure } from "../app/Query.tsx";
import { safeNext } from "./next.ts";
import { useSubmit } from "./useSubmit.ts";

/** Signing in to one portal. */
export function LoginForm({
  portal,
  canRegister,
  next,
  ended,
}: {
  portal: "dashboard" | "dm" | "manage";
  canRegister: boolean;
  next?: string;
  ended?: boolean;
}) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { pending, error, fields, onSubmit } = useSubmit(async () => {
    await auth.login({ email: email.trim(), password, portal });
    // A whole page load: everything that was read before belongs to nobody or to somebody else.
    location.assign(safeNext(next));
    await new Promise(() => undefined);
  });
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
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
      <Button kind="primary" type="submit" isPending={pending} isDisabled={!email || !password}>
        Sign in
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
