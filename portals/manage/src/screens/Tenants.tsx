"use client";
import {
  Button,
  type Column,
  DataTable,
  EmptyState,
  Page,
  SearchBox,
  Status,
  sentence,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  ApiError,
  adminActions,
  adminQueries,
  platformQueries,
  Query,
  type Tenant,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { FormDialog } from "./FormDialog.tsx";
import { creditsLeft } from "./overview/rules.ts";

export function TenantsScreen() {
  const tenants = useQuery(adminQueries.tenants);
  const [creating, setCreating] = useState(useSearchParams().get("new") !== null);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const standings = useQuery(platformQueries.standings);
  const router = useRouter();
  const format = useFormat();
  const standingOf = (ref: string) => standings.data?.items.find((one) => one.tenantRef === ref);
  const columns: Column<Tenant>[] = [
    { key: "name", header: "Tenant", cell: (row) => row.name },
    { key: "state", header: "State", cell: (row) => <Status state={row.status} />, width: "9rem" },
    {
      key: "plan",
      header: "Plan",
      cell: (row) => <span className="text-muted">{sentence(standingOf(row.ref)?.planCode ?? "")}</span>,
      width: "8rem",
      wide: true,
    },
    {
      key: "credits",
      header: "Credits left",
      cell: (row) => {
        const standing = standingOf(row.ref);
        if (!standing) return null;
        const low = creditsLeft(standing) < 0.2;
        return (
          <span className={low ? "font-semibold text-warn-text" : undefined}>
            {format.number(standing.balance?.available ?? 0)}
            {low ? <span className="sr-only">, few</span> : null}
          </span>
        );
      },
      width: "8rem",
      align: "right",
      wide: true,
    },
    { key: "zone", header: "Time zone", cell: (row) => row.timeZone, width: "11rem", wide: true },
    {
      key: "since",
      header: "Since",
      cell: (row) => <span className="text-muted">{format.date(row.createdOn)}</span>,
      width: "9rem",
      align: "right",
      wide: true,
    },
  ];
  const create = (
    <Button kind="primary" onPress={() => setCreating(true)}>
      New tenant
    </Button>
  );
  return (
    <Page title="Tenants" actions={create}>
      <Query of={tenants}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="building-complex" title="No tenant yet" action={create}>
              A tenant is one client company. Create one here, or let a client sign up.
            </EmptyState>
          ) : (
            <>
              <SearchBox label="Find a tenant" value={text} onChange={setText} className="mb-4 max-w-72" />
              <DataTable
                label="Tenants"
                columns={columns}
                rows={items.filter((row) => row.name.toLowerCase().includes(wanted))}
                rowKey={(row) => row.ref}
                onOpen={(row) => router.push(`/tenants/${row.ref}`)}
              />
            </>
          )
        }
      </Query>
      <Create isOpen={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}

function Create({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const empty = { name: "", ownerEmail: "", timeZone, locale, currency: "EUR" };
  const [form, setForm] = useState(empty);
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const create = useAction(
    () => adminActions.createTenant({ ...form, name: form.name.trim(), ownerEmail: form.ownerEmail.trim() }),
    {
      renews: ["tenants"],
      quiet: true,
      done: (tenant) => {
        setForm(empty);
        onClose();
        toast(`${tenant.name} exists; its owner has been invited.`, { tone: "ok" });
      },
    },
  );
  const refused = create.error instanceof ApiError ? create.error.fields : {};
  return (
    <FormDialog
      title="New tenant"
      submit="Create"
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => create.mutate(undefined)}
      isPending={create.isPending}
      isReady={form.name.trim() !== "" && form.ownerEmail.trim() !== ""}
      failure={create.error}
    >
      <TextField
        label="Company"
        value={form.name}
        onChange={set("name")}
        error={refused.name}
        maxLength={120}
        autoFocus
      />
      <TextField
        label="Owner's e-mail"
        type="email"
        value={form.ownerEmail}
        onChange={set("ownerEmail")}
        error={refused.ownerEmail}
        help="Gets an invitation."
      />
      <div className="grid grid-cols-3 gap-3">
        <TextField
          label="Time zone"
          value={form.timeZone}
          onChange={set("timeZone")}
          error={refused.timeZone}
        />
        <TextField label="Locale" value={form.locale} onChange={set("locale")} error={refused.locale} />
        <TextField
          label="Currency"
          value={form.currency}
          onChange={(value) => set("currency")(value.toUpperCase())}
          error={refused.currency}
          maxLength={3}
        />
      </div>
    </FormDialog>
  );
}
