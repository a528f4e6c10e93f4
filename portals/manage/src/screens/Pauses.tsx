"use client";
import { Button, Dialog, EmptyState, Page, Select, TextField, toast } from "@leadmetrics/ui";
import {
  adminQueries,
  Failure,
  frameQueries,
  type Pause,
  platformActions,
  platformQueries,
  Query,
  roleTitle,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTenantNames } from "./useTenantNames.ts";

/** What holds agents' work back, and letting it go on. */
export function PausesScreen() {
  const pauses = useQuery(frameQueries.pauses);
  const [pausing, setPausing] = useState(false);
  return (
    <Page
      title="Pauses"
      width="read"
      actions={
        <Button kind="primary" onPress={() => setPausing(true)}>
          Pause agents
        </Button>
      }
    >
      <Query of={pauses}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="circle-pause" title="Nothing is paused">
              Agents work for everybody. Pause all of them, those of one tenant, or one role when something
              goes wrong: runs that are under way finish, nothing new starts, nothing is lost.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((pause) => (
                <Row key={pause.ref} pause={pause} />
              ))}
            </ul>
          )
        }
      </Query>
      <Ask isOpen={pausing} onClose={() => setPausing(false)} />
    </Page>
  );
}

function Row({ pause }: { pause: Pause }) {
  const nameOf = useTenantNames();
  const people = useQuery(adminQueries.users());
  const format = useFormat();
  const resume = useAction(() => platformActions.resume(pause.ref), {
    renews: ["pauses"],
    done: () => toast("Work goes on.", { tone: "ok" }),
  });
  const who = people.data?.items.find((one) => one.ref === pause.createdBy);
  return (
    <li className="flex min-h-14 items-center gap-4 py-2 text-sm">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{scopeOf(pause, nameOf)}</p>
        <p className="text-muted">{pause.reason}</p>
        <p className="text-xs text-muted">
          {[who?.name || who?.email, format.relative(pause.createdOn)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <Button isPending={resume.isPending} onPress={() => resume.mutate(undefined)}>
        Let it go on
      </Button>
    </li>
  );
}

function scopeOf(
  { tenantRef, role }: Pick<Pause, "tenantRef" | "role">,
  nameOf: (ref: string) => string,
): string {
  const whose = tenantRef ? nameOf(tenantRef) : "every tenant";
  return role ? `${roleTitle(role)} of ${whose}` : `All agents of ${whose}`;
}

function Ask({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const tenants = useQuery(adminQueries.tenants);
  const roles = useQuery(platformQueries.roles);
  const nameOf = useTenantNames();
  const [form, setForm] = useState({ tenantRef: "", role: "", reason: "" });
  const pause = useAction(
    () =>
      platformActions.pause({
        tenantRef: form.tenantRef || undefined,
        role: form.role || undefined,
        reason: form.reason.trim(),
      }),
    {
      renews: ["pauses"],
      quiet: true,
      done: () => {
        onClose();
        setForm({ tenantRef: "", role: "", reason: "" });
        toast("Paused. Runs under way finish, nothing new starts.");
      },
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pause.mutate(undefined);
  };
  return (
    <Dialog title="Pause agents" isOpen={isOpen} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {pause.error ? <Failure of={pause.error} /> : null}
        <Select
          label="Whose work"
          choices={[
            { value: "all", label: "Every tenant" },
            ...(tenants.data?.items ?? []).map((one) => ({ value: one.ref, label: one.name })),
          ]}
          value={form.tenantRef || "all"}
          onChange={(value) => setForm({ ...form, tenantRef: value === "all" ? "" : value })}
        />
        <Select
          label="Which role"
          choices={[
            { value: "all", label: "All roles" },
            ...(roles.data?.items ?? []).map((one) => ({ value: one.name, label: one.title })),
          ]}
          value={form.role || "all"}
          onChange={(value) => setForm({ ...form, role: value === "all" ? "" : value })}
        />
        <TextField
          label="Reason"
          help="Read by the colleague who wonders why nothing moves."
          value={form.reason}
          onChange={(reason) => setForm({ ...form, reason })}
          maxLength={500}
        />
        <p className="text-sm text-muted">
          {scopeOf(form, nameOf)}: nothing new starts until you let it go on.
        </p>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            kind="danger"
            type="submit"
            isPending={pause.isPending}
            isDisabled={form.reason.trim().length < 3}
          >
            Pause
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
