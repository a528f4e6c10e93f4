"use client";
import { Button, TextField, toast } from "@leadmetrics/ui";
import { ApiError, type Channel, Failure, tenantActions, useAction } from "@leadmetrics/web";
import { type FormEvent, useState } from "react";

/** Asks for a WordPress site and connects it once it has answered; or for the new password of one that is connected. */
export function ConnectWordPress({
  again,
  onDone,
  onCancel,
}: {
  again?: Channel;
  onDone: () => void;
  onCancel?: () => void;
}) {
  const empty = {
    name: "",
    siteUrl: again?.url ?? "",
    username: again?.username ?? "",
    applicationPassword: "",
  };
  const [form, setForm] = useState(empty);
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const connect = useAction(
    () =>
      tenantActions.connectWordPress({
        ...form,
        channelRef: again?.ref,
        name: form.name.trim() || undefined,
        siteUrl: form.siteUrl.trim(),
      }),
    {
      renews: ["channels"],
      quiet: true,
      done: (channel) => {
        setForm(empty);
        onDone();
        toast(`${channel.name} is connected.`, { tone: "ok" });
      },
    },
  );
  const refused = connect.error instanceof ApiError ? connect.error.fields : {};
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {connect.error ? <Failure of={connect.error} /> : null}
      {again ? (
        <p className="text-sm break-words text-muted">{again.url}</p>
      ) : (
        <TextField
          label="Address of the site"
          type="url"
          placeholder="https://www.example.com"
          value={form.siteUrl}
          onChange={set("siteUrl")}
          error={refused.siteUrl}
          autoFocus={onCancel !== undefined}
        />
      )}
      <TextField
        label="User name"
        value={form.username}
        onChange={set("username")}
        error={refused.username}
        autoComplete="off"
        help="An author or editor of the site."
      />
      <TextField
        label="Application password"
        type="password"
        autoComplete="off"
        value={form.applicationPassword}
        onChange={set("applicationPassword")}
        error={refused.applicationPassword}
        autoFocus={again !== undefined}
        help="In WordPress: Users, Profile, Application Passwords. Not the password you sign in with."
      />
      {again ? null : (
        <TextField
          label="Name"
          isRequired={false}
          value={form.name}
          onChange={set("name")}
          error={refused.name}
          help="The site's own name when left empty."
        />
      )}
      <div className="flex items-center justify-end gap-2">
        <span className="mr-auto text-sm text-muted">{connect.isPending ? "Asking the site…" : ""}</span>
        {onCancel ? (
          <Button kind="quiet" onPress={onCancel}>
            Cancel
          </Button>
        ) : null}
        <Button
          kind="primary"
          type="submit"
          isPending={connect.isPending}
          isDisabled={!form.siteUrl || !form.username || !form.applicationPassword}
        >
          Test and connect
        </Button>
      </div>
    </form>
  );
}
