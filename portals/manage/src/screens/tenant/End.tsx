"use client";
import {
  Button,
  ButtonLink,
  CopyCode,
  Dialog,
  Facts,
  Payload,
  Progress,
  ReasonDialog,
  Section,
  Status,
  sentence,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  Failure,
  platformActions,
  platformQueries,
  Query,
  type Tenant,
  type TenantDeletion,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { canCancel, deletionWords, erasedShare } from "./rules.ts";

const MB = 1_000_000;

/** Everything a tenant has as one file. */
export function Export({ tenantRef }: { tenantRef: string }) {
  const asked = useQuery(platformQueries.export(tenantRef));
  const format = useFormat();
  const start = useAction(() => platformActions.startExport(tenantRef), { renews: ["exports"] });
  const last = asked.data;
  return (
    <Section
      title="Export"
      aside={
        <Button
          isPending={start.isPending}
          isDisabled={last?.status === "working"}
          onPress={() => start.mutate(undefined)}
        >
          {last ? "Export again" : "Export"}
        </Button>
      }
    >
      <Query of={asked} loading={null}>
        {(one) =>
          one === null ? (
            <p className="text-sm text-muted">None yet. Everything the tenant has, as one zip.</p>
          ) : one.status === "working" ? (
            <Progress label="Export" />
          ) : (
            <div className="flex flex-col items-start gap-3">
              {one.problem ? <Failure of={new Error(one.problem)} /> : null}
              <Facts
                items={[
                  ["State", <Status key="s" state={one.status} />],
                  ["Made", format.dateTime(one.finishedOn ?? undefined)],
                  ["Kept until", format.dateTime(one.expiresOn ?? undefined)],
                  [
                    "Holds",
                    `${format.number(one.records)} records, ${format.number(one.files)} files, ${format.number(one.bytes / MB, 1)} MB`,
                  ],
                  ["SHA-256", one.sha256 ? <CopyCode key="h" value={one.sha256} /> : undefined],
                ]}
              />
              {one.status === "ready" ? (
                <ButtonLink href={`/api/admin/v1/tenants/${tenantRef}/export/download`}>Download</ButtonLink>
              ) : null}
            </div>
          )
        }
      </Query>
    </Section>
  );
}

/** Erasing a tenant: asked for by its name, taken back until erasing begins, proven at the end. */
export function Deletion({ tenant }: { tenant: Tenant }) {
  const asked = useQuery(platformQueries.deletion(tenant.ref));
  const [asking, setAsking] = useState(false);
  const underWay = asked.data && asked.data.status !== "cancelled";
  return (
    <Section
      title="Deletion"
      aside={
        asked.data === undefined || underWay ? undefined : (
          <Button kind="danger" onPress={() => setAsking(true)}>
            Delete tenant…
          </Button>
        )
      }
    >
      <Query of={asked} loading={null}>
        {(deletion) =>
          deletion && deletion.status !== "cancelled" ? (
            <UnderWay deletion={deletion} tenantRef={tenant.ref} />
          ) : (
            <p className="text-sm text-muted">
              Suspends it at once and erases it from every store when the grace period is over. Export first.
            </p>
          )
        }
      </Query>
      <Ask tenant={tenant} isOpen={asking} onClose={() => setAsking(false)} />
    </Section>
  );
}

function UnderWay({ deletion, tenantRef }: { deletion: TenantDeletion; tenantRef: string }) {
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const cancel = useAction((reason: string) => platformActions.cancelDeletion(tenantRef, reason), {
    renews: ["deletions", "tenants"],
    quiet: true,
    done: () => {
      setAsking(false);
      toast("The tenant is back.", { tone: "ok" });
    },
  });
  return (
    <div className="flex flex-col gap-3">
      <Progress label="Erased" value={erasedShare(deletion.steps)} />
      <Facts
        items={[
          ["State", deletionWords(deletion.status)],
          ["Reason", deletion.reason],
          ["Asked for", format.dateTime(deletion.requestedOn ?? undefined)],
          ["Erased after", format.dateTime(deletion.eraseAfter ?? undefined)],
          ["Waits for", deletion.problem],
          ["Proof", deletion.reportHash ? <CopyCode key="p" value={deletion.reportHash} /> : undefined],
        ]}
      />
      {deletion.steps.length > 0 ? (
        <ul className="divide-y divide-line border-y border-line text-sm">
          {deletion.steps.map((step) => (
            <li key={step.holder} className="flex min-h-9 items-center gap-4">
              <span className="flex-1">{sentence(step.holder)}</span>
              <span className="tabular text-muted">
                {format.number(step.stores.reduce((sum, store) => sum + store.erased, 0))} erased
              </span>
              <Status state={step.status} className="w-28" />
            </li>
          ))}
        </ul>
      ) : null}
      {deletion.reportJson ? <Payload label="Proof" json={deletion.reportJson} /> : null}
      {canCancel(deletion.status) ? (
        <Button className="self-start" onPress={() => setAsking(true)}>
          Bring it back
        </Button>
      ) : null}
      <ReasonDialog
        title="Bring the tenant back?"
        confirm="Bring it back"
        isOpen={asking}
        onClose={() => setAsking(false)}
        onConfirm={(reason) => cancel.mutate(reason)}
        isPending={cancel.isPending}
        failure={cancel.error ? <Failure of={cancel.error} /> : null}
      >
        Nothing has been erased. People sign in again and waiting work goes on.
      </ReasonDialog>
    </div>
  );
}

function Ask({ tenant, isOpen, onClose }: { tenant: Tenant; isOpen: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const [reason, setReason] = useState("");
  const form = useId();
  const remove = useAction(
    () => platformActions.deleteTenant(tenant.ref, { tenantName: name.trim(), reason: reason.trim() }),
    { renews: ["deletions", "tenants"], quiet: true, done: onClose },
  );
  const ready = name.trim() === tenant.name && reason.trim().length >= 3;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) remove.mutate(undefined);
  };
  return (
    <Dialog
      title={`Delete ${tenant.name}?`}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" form={form} isPending={remove.isPending} isDisabled={!ready}>
            Delete
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        {remove.error ? <Failure of={remove.error} /> : null}
        <p className="text-sm text-muted">
          Nobody signs in from now on. When the grace period is over everything is erased, and that can't be
          taken back.
        </p>
        <TextField label="Its name, to be sure" value={name} onChange={setName} placeholder={tenant.name} />
        <TextField
          label="Reason"
          help="Goes into the audit trail."
          value={reason}
          onChange={setReason}
          maxLength={500}
        />
      </form>
    </Dialog>
  );
}
