"use client";
import { Button, Section, TextField, toast } from "@leadmetrics/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { securityActions } from "../api/security.ts";
import { Failure } from "../app/Query.tsx";
import { useMe } from "../app/useMe.tsx";
import { useSubmit } from "../auth/useSubmit.ts";

const empty = { currentPassword: "", newPassword: "" };

/** A new password; everywhere else one is signed out with it. */
export function ChangePasswordSection() {
  const [form, setForm] = useState(empty);
  const client = useQueryClient();
  const email = useMe()?.user.email ?? "";
  const { pending, error, fields, onSubmit } = useSubmit(async () => {
    await securityActions.changePassword(form);
    setForm(empty);
    await client.invalidateQueries({ queryKey: ["sessions"] });
    toast("The new password holds. Everywhere else you are signed out.", { tone: "ok", lastsMs: 9000 });
  });
  const shownAtField = Boolean(fields.currentPassword ?? fields.newPassword);
  return (
    <Section title="Password">
      <form onSubmit={(event) => void onSubmit(event)} className="flex max-w-md flex-col gap-4" noValidate>
        {error && !shownAtField ? <Failure of={error} /> : null}
        {/* Tells password managers whose password this is. */}
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <TextField
          label="Present password"
          type="password"
          autoComplete="current-password"
          value={form.currentPassword}
          onChange={(currentPassword) => setForm({ ...form, currentPassword })}
          error={fields.currentPassword}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          value={form.newPassword}
          onChange={(newPassword) => setForm({ ...form, newPassword })}
          error={fields.newPassword}
          help="At least 12 characters. All your other sessions end."
        />
        <Button
          type="submit"
          className="self-start"
          isPending={pending}
          isDisabled={!form.currentPassword || !form.newPassword}
        >
          Change password
        </Button>
      </form>
    </Section>
  );
}
