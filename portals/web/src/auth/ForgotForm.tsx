"use client";
import { AppLink, Button, TextField } from "@leadmetrics/ui";
import { useState } from "react";
import { auth } from "../api/auth.ts";
import { Failure } from "../app/Query.tsx";
import { useSubmit } from "./useSubmit.ts";

/** Asks for a link to set a new password. Says the same whether or not the address is known. */
export function ForgotForm() {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const { pending, error, fields, onSubmit } = useSubmit(async () => {
    await auth.forgot(email.trim());
    setSent(true);
  });
  if (sent)
    return (
      <p role="status">
        If {email} has an account here, a link to set a new password is on its way. It is valid for an hour.
      </p>
    );
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
      {error ? <Failure of={error} /> : null}
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={setEmail}
        error={fields.email}
      />
      <Button kind="primary" type="submit" isPending={pending} isDisabled={!email}>
        Send the link
      </Button>
      <p className="text-sm text-muted">
        <AppLink href="/login" className="hover:text-text hover:underline">
          Back to sign in
        </AppLink>
      </p>
    </form>
  );
}
