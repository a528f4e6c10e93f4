"use client";
import { AppLink, Button, TextField } from "@leadmetrics/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { auth } from "../api/auth.ts";
import { frameQueries } from "../api/frame.ts";
import { Failure } from "../app/Query.tsx";
import { useSubmit } from "./useSubmit.ts";

/** Signing up, or taking an invitation. The answer never tells whether an address is known. */
export function RegisterForm({ invitationToken }: { invitationToken?: string }) {
  const [form, setForm] = useState({ name: "", companyName: "", email: "", password: "" });
  const [sent, setSent] = useState(false);
  const set = (name: keyof typeof form) => (value: string) => setForm((now) => ({ ...now, [name]: value }));
  const { pending, error, fields, onSubmit } = useSubmit(async () => {
    const { companyName, ...rest } = form;
    await auth.register({
      ...rest,
      email: form.email.trim(),
      ...(invitationToken ? { invitationToken } : { companyName }),
    });
    setSent(true);
  });
  const platform = useQuery(frameQueries.platform);
  if (!invitationToken && platform.data?.signUpOpen === false)
    return (
      <p className="text-sm text-muted">
        New companies can't sign up at the moment. With an invitation you can: open the link in its mail.
      </p>
    );
  if (sent) {
    return (
      <div className="flex flex-col gap-3" role="status">
        <p>
          We have sent a link to <span className="font-semibold">{form.email}</span>. It is valid for a day.
        </p>
        <p className="text-sm text-muted">Nothing there? Look in the spam folder, or check the address.</p>
        <Button className="self-start" onPress={() => setSent(false)}>
          Change the address
        </Button>
      </div>
    );
  }
  return (
    <form method="post" onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
      {error ? <Failure of={error} /> : null}
      <TextField
        label="Your name"
        autoComplete="name"
        name="name"
        autoFocus
        value={form.name}
        onChange={set("name")}
        error={fields.name}
      />
      {invitationToken ? null : (
        <TextField
          label="Company"
          autoComplete="organization"
          name="organization"
          value={form.companyName}
          onChange={set("companyName")}
          error={fields.companyName}
        />
      )}
      <TextField
        label="E-mail"
        type="email"
        autoComplete="email"
        name="email"
        value={form.email}
        onChange={set("email")}
        error={fields.email}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        name="password"
        value={form.password}
        onChange={set("password")}
        error={fields.password}
        help="At least 12 characters. A sentence is easy to remember."
      />
      <Button
        kind="primary"
        type="submit"
        isPending={pending}
        isDisabled={!form.email || !form.password || !form.name || (!invitationToken && !form.companyName)}
      >
        Create account
      </Button>
      <p className="text-sm text-muted">
        Already have one?{" "}
        <AppLink href="/login" className="text-text underline underline-offset-2">
          Sign in
        </AppLink>
      </p>
    </form>
  );
}
