"use client";
import {
  Button,
  type Column,
  DataTable,
  EmptyState,
  Page,
  SearchBox,
  Section,
  Select,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  ApiError,
  adminActions,
  adminQueries,
  platformQueries,
  Query,
  type User,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormDialog } from "./FormDialog.tsx";
import { roleName } from "./people/words.ts";
import { ImpersonationRow } from "./tenant/Impersonate.tsx";

const kinds = [
  { value: "all", label: "Everybody" },
  { value: "reviewer", label: "Reviewers" },
  { value: "super_admin", label: "Super admins" },
];

/** Who looks in a client's place at this moment. */
function Looking() {
  const live = useQuery(platformQueries.impersonations({ live: true }));
  if (!live.data || live.data.items.length === 0) return null;
  return (
    <div className="mb-6">
      <Section title="In a client's place now">
        <ul
          aria-label="In a client's place now"
          className="divide-y divide-line border-y border-line text-sm"
        >
          {live.data.items.map((one) => (
            <ImpersonationRow key={one.ref} of={one} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

/** Everybody who can sign in; reviewers and super admins are added here. */
export function PeopleScreen() {
  const [kind, setKind] = useState("all");
  const [adding, setAdding] = useState(false);
  const users = useQuery(adminQueries.users(kind === "all" ? undefined : kind));
  const format = useFormat();
  const router = useRouter();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const columns: Column<User>[] = [
    { key: "name", header: "Name", cell: (row) => row.name || row.email },
    {
      key: "email",
      header: "E-mail",
      cell: (row) => <span className="text-muted">{row.email}</span>,
      wide: true,
    },
    {
      key: "role",
      header: "Role",
      cell: (row) => roleName(row),
      width: "9rem",
    },
    {
      key: "state",
      header: "State",
      cell: (row) => (row.deactivated ? "Deactivated" : row.emailVerified ? "Confirmed" : "Not confirmed"),
      width: "9rem",
      wide: true,
    },
    {
      key: "since",
      header: "Since",
      cell: (row) => <span className="text-muted">{format.date(row.createdOn)}</span>,
      width: "8rem",
      align: "right",
      wide: true,
    },
  ];
  return (
    <Page
      title="People"
      actions={
        <Button kind="primary" onPress={() => setAdding(true)}>
          Add a person
        </Button>
      }
    >
      <Looking />
      <div className="mb-4 flex gap-2">
        <SearchBox label="Find a person" value={text} onChange={setText} className="max-w-72 flex-1" />
        <Select className="w-44" hideLabel label="Kind" choices={kinds} value={kind} onChange={setKind} />
      </div>
      <Query of={users}>
        {({ items }) => {
          const found = items.filter((one) => `${one.name} ${one.email}`.toLowerCase().includes(wanted));
          return found.length === 0 ? (
            <EmptyState icon="users" title="Nobody here">
              {wanted ? `No name and no address has “${text.trim()}” in it.` : "Nobody of this kind yet."}
            </EmptyState>
          ) : (
            <DataTable
              label="People"
              columns={columns}
              rows={found}
              rowKey={(row) => row.ref}
              onOpen={(row) => router.push(`/people/${row.ref}`)}
            />
          );
        }}
      </Query>
      <Add isOpen={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function Add({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [form, setForm] = useState<{ name: string; email: string; platformRole: "reviewer" | "super_admin" }>(
    { name: "", email: "", platformRole: "reviewer" },
  );
  const add = useAction(
    () => adminActions.createUser({ ...form, email: form.email.trim(), name: form.name.trim() }),
    {
      renews: ["users"],
      quiet: true,
      done: () => {
        toast("Added. They set their password through the mailed link.", { tone: "ok" });
        onClose();
      },
    },
  );
  const refused = add.error instanceof ApiError ? add.error.fields : {};
  return (
    <FormDialog
      title="Add a person"
      submit="Add"
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => add.mutate(undefined)}
      isPending={add.isPending}
      isReady={form.email.trim() !== "" && form.name.trim() !== ""}
      failure={add.error}
    >
      <TextField
        label="Name"
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
        error={refused.name}
        autoFocus
      />
      <TextField
        label="E-mail"
        type="email"
        value={form.email}
        onChange={(email) => setForm({ ...form, email })}
        error={refused.email}
      />
      <Select
        label="Role"
        choices={[
          { value: "reviewer", label: "Reviewer", note: "Reviews drafts of assigned tenants" },
          { value: "super_admin", label: "Super admin", note: "Runs the platform" },
        ]}
        value={form.platformRole}
        onChange={(value) =>
          setForm({ ...form, platformRole: value === "super_admin" ? "super_admin" : "reviewer" })
        }
      />
    </FormDialog>
  );
}
