"use client";
import { Button, Page, Section, Select, SkeletonText, TextArea, TextField, toast } from "@leadmetrics/ui";
import {
  ApiError,
  type ContextVersion,
  Failure,
  Query,
  tenantActions,
  tenantQueries,
  useAction,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fields, toContext, toForm } from "./context/rules.ts";

/** What every prompt says about the company; each save is a version. */
export function ContextScreen() {
  const [shown, setShown] = useState("now");
  const now = useQuery(tenantQueries.context());
  const old = useQuery({ ...tenantQueries.context(Number(shown)), enabled: shown !== "now" });
  const versions = useQuery(tenantQueries.contextVersions);
  const format = useFormat();
  const choices = (versions.data?.items ?? []).map((one) => ({
    value: one.version === now.data?.version ? "now" : String(one.version),
    label: `Version ${one.version}${one.version === now.data?.version ? " (in force)" : ""}`,
    note: format.dateTime(one.updatedOn ?? one.createdOn),
  }));
  const query = shown === "now" ? now : old;
  return (
    <Page
      title="Client context"
      width="read"
      actions={
        choices.length > 1 ? (
          <Select
            className="w-52"
            hideLabel
            label="Version"
            choices={choices}
            value={shown}
            onChange={(value) => setShown(value || "now")}
          />
        ) : null
      }
    >
      <p className="mb-6 text-muted">
        Agents read this before every draft. The more exact it is, the fewer drafts come back.
      </p>
      <Query of={query} loading={<SkeletonText />}>
        {(version) => (
          <ContextForm
            key={shown === "now" ? "now" : version.version}
            version={version}
            base={now.data?.version ?? version.version}
            onSaved={() => setShown("now")}
          />
        )}
      </Query>
    </Page>
  );
}

function ContextForm({
  version,
  base,
  onSaved,
}: {
  version: ContextVersion;
  base: number;
  onSaved: () => void;
}) {
  const [form, setForm] = useState(() => toForm(version.context));
  const [basedOn, setBasedOn] = useState(base);
  const mayEdit = useMayEdit();
  const save = useAction(() => tenantActions.saveContext({ context: toContext(form), version: basedOn }), {
    renews: ["context"],
    done: (saved) => {
      setBasedOn(saved.version);
      toast(`Saved as version ${saved.version}. Drafts from now on follow it.`, { tone: "ok" });
      onSaved();
    },
    quiet: true,
  });
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  const stale = save.error instanceof ApiError && save.error.status === 409;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-8">
      {save.error ? <Failure of={save.error} /> : null}
      {stale ? (
        <Button className="self-start" onPress={() => setBasedOn(base)}>
          Keep my text and save it over the newer version
        </Button>
      ) : null}
      {fields.map((group) => (
        <Section key={group.title} title={group.title}>
          {group.fields.map((field) =>
            field.line ? (
              <TextField
                key={field.name}
                label={field.label}
                help={field.help}
                isDisabled={!mayEdit}
                value={form[field.name]}
                onChange={(value) => setForm({ ...form, [field.name]: value })}
                error={refused[field.name]}
              />
            ) : (
              <TextArea
                key={field.name}
                label={field.label}
                help={field.help}
                rows={field.rows ?? 3}
                isDisabled={!mayEdit}
                value={form[field.name]}
                onChange={(value) => setForm({ ...form, [field.name]: value })}
                error={refused[field.name]}
                maxLength={field.list ? undefined : 4000}
              />
            ),
          )}
        </Section>
      ))}
      {mayEdit ? (
        <div className="sticky bottom-0 -mx-6 flex items-center gap-3 border-t border-line bg-bg px-6 py-3 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:-mx-4 max-md:px-4">
          <Button kind="primary" type="submit" isPending={save.isPending}>
            Save
          </Button>
          <span className="text-sm text-muted">
            {version.version ? `Version ${version.version}` : "Nothing saved yet"}
          </span>
        </div>
      ) : null}
    </form>
  );
}
