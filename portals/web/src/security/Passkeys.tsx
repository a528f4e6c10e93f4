"use client";
import { Button, Dialog, Icon, IconButton, Section, SkeletonRows, TextField, toast } from "@leadmetrics/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { securityActions, securityQueries } from "../api/security.ts";
import type { Passkey } from "../api/shapes.ts";
import { Failure, Query } from "../app/Query.tsx";
import { useFormat } from "../app/useMe.tsx";
import { useSubmit } from "../auth/useSubmit.ts";
import { deviceName } from "./device.ts";
import { ProveDialog } from "./ProveDialog.tsx";
import { makePasskey } from "./passkey.ts";

type Open = { kind: "add" } | { kind: "rename" | "remove"; passkey: Passkey } | undefined;

/** Signing in with a finger, a face or a key in place of the password. */
export function PasskeysSection() {
  const found = useQuery(securityQueries.passkeys);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const client = useQueryClient();
  const renewed = async (said: string) => {
    await client.invalidateQueries({ queryKey: ["passkeys"] });
    toast(said, { tone: "ok" });
    close();
  };
  return (
    <Section title="Passkeys" aside={<Button onPress={() => setOpen({ kind: "add" })}>Add a passkey</Button>}>
      <Query of={found} loading={<SkeletonRows rows={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="border-y border-line py-3 text-sm text-muted">
              None yet. A passkey signs you in with your finger, face or device PIN, and can't be given away
              on a false site.
            </p>
          ) : (
            <ul aria-label="Passkeys" className="border-t border-line">
              {items.map((passkey) => (
                <Row
                  key={passkey.ref}
                  passkey={passkey}
                  onRename={() => setOpen({ kind: "rename", passkey })}
                  onRemove={() => setOpen({ kind: "remove", passkey })}
                />
              ))}
            </ul>
          )
        }
      </Query>
      {open?.kind === "add" ? <Add onClose={close} onAdded={() => renewed("The passkey is kept.")} /> : null}
      {open?.kind === "rename" ? (
        <Rename passkey={open.passkey} onClose={close} onRenamed={() => renewed("Renamed.")} />
      ) : null}
      {open?.kind === "remove" ? (
        <ProveDialog
          title={`Remove “${open.passkey.name}”`}
          label="Remove"
          danger
          onClose={close}
          act={async ({ password }) => {
            await securityActions.removePasskey(open.passkey.ref, password);
            await renewed("Removed. Delete it in your password manager too.");
          }}
        >
          <p className="text-sm">It can't sign you in any more. Sessions it has opened go on.</p>
        </ProveDialog>
      ) : null}
    </Section>
  );
}

function Row({
  passkey,
  onRename,
  onRemove,
}: {
  passkey: Passkey;
  onRename: () => void;
  onRemove: () => void;
}) {
  const format = useFormat();
  return (
    <li className="flex items-center gap-3 border-b border-line py-2 text-sm">
      <Icon of="key-round" className="shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="truncate">{passkey.name}</p>
        <p className="text-xs text-muted">
          {passkey.lastUsedOn ? `Used ${format.relative(passkey.lastUsedOn)}` : "Never used"} · added{" "}
          {format.date(passkey.createdOn)} · {passkey.synced ? "synced" : "on one device"} · {passkey.rpId}
        </p>
      </div>
      <IconButton label={`Rename ${passkey.name}`} onPress={onRename}>
        <Icon of="pencil" />
      </IconButton>
      <IconButton label={`Remove ${passkey.name}`} onPress={onRemove}>
        <Icon of="trash" />
      </IconButton>
    </li>
  );
}

function Add({ onClose, onAdded }: { onClose: () => void; onAdded: () => Promise<void> }) {
  const [name, setName] = useState(() => deviceName(navigator.userAgent));
  return (
    <ProveDialog
      title="Add a passkey"
      label="Continue"
      onClose={onClose}
      act={async ({ password }) => {
        const { optionsJson } = await securityActions.passkeyOptions(password);
        const responseJson = await makePasskey(optionsJson);
        await securityActions.addPasskey({
          responseJson,
          name: name.trim() || deviceName(navigator.userAgent),
        });
        await onAdded();
      }}
    >
      <p className="text-sm">
        Your browser will ask where to keep it: this device, your phone, or a security key.
      </p>
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        maxLength={60}
        autoComplete="off"
        help="So that you know it again."
      />
    </ProveDialog>
  );
}

function Rename({
  passkey,
  onClose,
  onRenamed,
}: {
  passkey: Passkey;
  onClose: () => void;
  onRenamed: () => Promise<void>;
}) {
  const [name, setName] = useState(passkey.name);
  const { pending, error, fields, onSubmit } = useSubmit(async () => {
    await securityActions.renamePasskey(passkey.ref, name.trim());
    await onRenamed();
  });
  return (
    <Dialog title="Rename the passkey" isOpen onClose={onClose}>
      <form onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4" noValidate>
        {error && !fields.name ? <Failure of={error} /> : null}
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          maxLength={60}
          autoFocus
          error={fields.name}
        />
        <Button
          kind="primary"
          type="submit"
          className="self-end"
          isPending={pending}
          isDisabled={!name.trim()}
        >
          Rename
        </Button>
      </form>
    </Dialog>
  );
}
