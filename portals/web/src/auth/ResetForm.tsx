"use client";
import { Button, ButtonLink, TextField } from "@leadmetrics/ui";
import { useState } from "react";
import { auth } from "../api/auth.ts";
import { Failure } from "../app/Query.tsx";
import { useSubmit } from "./useSubmit.ts";

/** Sets a new password with the token of the mailed link; every session of the person ends. */
export function ResetForm({ token }: { token?: string }) {
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const { pending, error, fields, onSubmit } = useSubmit(async () => {
    await auth.reset({ token: token ?? "", newPassword: password });
    setDone(true);
  });
  if (!token) return <p>This link is incomplete. Open it from the mail again, or copy all of it.</p>;
  if (done) {
    return (
      <div className="flex flex-col gap-4" role="status">
        <p>Your new password is set. You have been signed out everywhere.</p>
        <ButtonLink href="/login" kind="primary" className="self-start">
          Sign in
        </ButtonLink>
      </div>
    );
  }
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
      {error ? <Failure of={error} /> : null}
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        autoFocus
        value={password}
        onChange={setPassword}
        error={fields.newPassword ?? fields.password}
        help="At least 12 characters. A sentence is easy to remember."
      />
      <Button kind="primary" type="submit" isPending={pending} isDisabled={!password}>
        Set password
      </Button>
    </form>
  );
}
