"use client";
import { Button, Page, Section, Select, SkeletonRows, TextField, toast } from "@leadmetrics/ui";
import {
  ApiError,
  Failure,
  Query,
  type Tenant,
  tenantActions,
  tenantQueries,
  useAction,
  useMe,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";

const locales = ["en-GB", "en-US", "en-IN", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-BR"].map(
  (value) => ({ value, label: new Intl.DisplayNames("en", { type: "language" }).of(value) ?? value }),
);
const currencies = ["EUR", "USD", "GBP", "INR", "CHF", "AUD", "CAD"].map((value) => ({
  value,
  label: value,
}));

/** What only reviewers are told, whatever they choose. */
const NOT_FOR_CLIENTS = new Set(["draft_ready"]);

/** The company, how it writes dates and money, and what people are told about. */
export function SettingsScreen() {
  const tenant = useQuery(tenantQueries.tenant);
  return (
    <Page title="Settings" width="read">
      <div className="flex flex-col gap-10">
        <Query of={tenant} loading={<SkeletonRows rows={4} />}>
          {(one) => <Company key={one.version} tenant={one} />}
        </Query>
        <Preferences />
      </div>
    </Page>
  );
}

function withCurrent(choices: readonly { value: string; label: string }[], value: string) {
  return value && !choices.some((one) => one.value === value)
    ? [...choices, { value, label: value }]
    : choices;
}

function Company({ tenant }: { tenant: Tenant }) {
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
      done: () => toast("Saved.", { tone: "ok" }),
      quiet: true,
    },
  );
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Section title="Company">
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
            Save
          </Button>
        ) : null}
      </form>
    </Section>
  );
}

function Preferences() {
  const preferences = useQuery(tenantQueries.preferences);
  const save = useAction(tenantActions.savePreference, { renews: ["preferences"] });
  return (
    <Section title="What you are told about">
      <Query of={preferences} loading={<SkeletonRows rows={4} />}>
        {({ items }) => (
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line text-xs text-muted">
                <th scope="col" className="py-1 text-left font-normal">
                  Event
                </th>
                <th scope="col" className="w-20 font-normal">
                  Here
                </th>
                <th scope="col" className="w-20 font-normal">
                  E-mail
                </th>
              </tr>
            </thead>
            <tbody>
              {items
                .filter((one) => !NOT_FOR_CLIENTS.has(one.kind))
                .map((one) => (
                  <tr key={one.kind} className="h-9 border-b border-line max-md:h-11">
                    <td>{one.description || one.kind.replace(/_/g, " ")}</td>
                    {(["inApp", "email"] as const).map((way) => (
                      <td key={way} className="text-center">
                        <input
                          type="checkbox"
                          className="size-4 accent-(--accent) max-md:size-6"
                          aria-label={`${one.description || one.kind}: ${way === "email" ? "e-mail" : "here"}`}
                          checked={one[way]}
                          onChange={(event) =>
                            save.mutate({
                              kind: one.kind,
                              inApp: one.inApp,
                              email: one.email,
                              [way]: event.target.checked,
                            })
                          }
                        />
                      </td>
                    ))}
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Query>
    </Section>
  );
}
