"use client";
import { Button, Select, TextField } from "@leadmetrics/ui";
import { ApiError, Failure, type Tenant, tenantActions, useAction, useMe } from "@leadmetrics/web";
import { type FormEvent, useMemo, useState } from "react";

const locales = ["en-GB", "en-US", "en-IN", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-BR"].map(
  (value) => ({ value, label: new Intl.DisplayNames("en", { type: "language" }).of(value) ?? value }),
);
const currencies = ["EUR", "USD", "GBP", "INR", "CHF", "AUD", "CAD"].map((value) => ({
  value,
  label: value,
}));

function withCurrent(choices: readonly { value: string; label: string }[], value: string) {
  return value && !choices.some((one) => one.value === value)
    ? [...choices, { value, label: value }]
    : choices;
}

/** What the company is called, and how it writes dates and money. Key it by the tenant's version. */
export function CompanyForm({
  tenant,
  onSaved,
  label = "Save",
}: {
  tenant: Tenant;
  onSaved: () => void;
  /** Of the button. */
  label?: string;
}) {
  const role = useMe()?.membership?.role;
  const mayEdit = role === "owner" || role === "admin";
  const [form, setForm] = useState(tenant);
  const zones = useMemo(
    () => Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value.replace(/_/g, " ") })),
    [],
  );
  const save = useAction(
    () =>
      tenantActions.saveTenant({
        name: form.name.trim(),
        timeZone: form.timeZone,
        locale: form.locale,
        currency: form.currency,
        localOnly: form.localOnly,
        version: tenant.version,
      }),
    {
      renews: ["tenant"],
      done: onSaved,
      quiet: true,
    },
  );
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {save.error ? <Failure of={save.error} /> : null}
      <TextField
        label="Name"
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
        error={refused.name}
        isDisabled={!mayEdit}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <Select
          label="Time zone"
          choices={withCurrent(zones, form.timeZone)}
          value={form.timeZone}
          onChange={(timeZone) => setForm({ ...form, timeZone })}
          isDisabled={!mayEdit}
          error={refused.timeZone}
        />
        <Select
          label="Language and region"
          choices={withCurrent(locales, form.locale)}
          value={form.locale}
          onChange={(locale) => setForm({ ...form, locale })}
          isDisabled={!mayEdit}
          error={refused.locale}
        />
        <Select
          label="Currency"
          choices={withCurrent(currencies, form.currency)}
          value={form.currency}
          onChange={(currency) => setForm({ ...form, currency })}
          isDisabled={!mayEdit}
          error={refused.currency}
        />
      </div>
      <label className="flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          className="mt-1 accent-(--accent) max-md:size-5"
          checked={form.localOnly}
          disabled={!mayEdit}
          onChange={(event) => setForm({ ...form, localOnly: event.target.checked })}
        />
        <span>
          Keep texts in-house
          <span className="block text-muted">
            Agents then never use a cloud model. Drafts are composed on this platform alone.
          </span>
        </span>
      </label>
      {mayEdit ? (
        <Button kind="primary" type="submit" className="self-start" isPending={save.isPending}>
          {label}
        </Button>
      ) : null}
    </form>
  );
}
