"use client";
import { Button, Select, TextField, toast } from "@leadmetrics/ui";
import { type AgentConfig, ApiError, Failure, platformActions, useAction } from "@leadmetrics/web";
import { type FormEvent, useState } from "react";
import { adapters } from "./adapters.ts";
import { Checks } from "./Checks.tsx";

/** Which adapter and model a role uses, and whether they would work. */
export function ConfigForm({
  tenantRef,
  role,
  config,
  canTest,
  onClose,
}: {
  tenantRef: string;
  role: string;
  config?: AgentConfig;
  canTest: boolean;
  onClose: () => void;
}) {
  const [form, setForm] = useState({
    adapter: config?.adapter ?? "offline",
    model: config?.model ?? "",
    baseUrl: config?.baseUrl ?? "",
    apiKey: "",
  });
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const save = useAction(
    () =>
      platformActions.setConfig(tenantRef, {
        role,
        adapter: form.adapter,
        model: form.model.trim(),
        baseUrl: form.baseUrl.trim(),
        ...(form.apiKey ? { apiKey: form.apiKey } : {}),
      }),
    {
      renews: ["configs", "runs"],
      quiet: true,
      done: () => {
        toast("Stored. Runs that waited for it go on by themselves.", { tone: "ok" });
        onClose();
      },
    },
  );
  const test = useAction(() => platformActions.testAdapter(tenantRef, role), { renews: [], quiet: true });
  const chosen = adapters.find((one) => one.value === form.adapter);
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {save.error ? <Failure of={save.error} /> : null}
      <Select label="Adapter" choices={adapters} value={form.adapter} onChange={set("adapter")} />
      {chosen?.remote ? (
        <>
          <TextField
            label="Model"
            value={form.model}
            onChange={set("model")}
            placeholder={chosen.model}
            error={refused.model}
            maxLength={100}
            isRequired={false}
          />
          <TextField
            label="Address"
            help="Where the provider is reached; the provider's own when empty."
            value={form.baseUrl}
            onChange={set("baseUrl")}
            error={refused.baseUrl}
            maxLength={500}
            isRequired={false}
          />
          <TextField
            label="Key"
            type="password"
            autoComplete="off"
            help={
              config?.hasApiKey
                ? "One is stored and never shown. A new one replaces it."
                : "Stored sealed, never shown again. The platform's own when empty."
            }
            value={form.apiKey}
            onChange={set("apiKey")}
            error={refused.apiKey}
            maxLength={500}
            isRequired={false}
          />
        </>
      ) : null}
      <div className="flex justify-end gap-2">
        {canTest ? (
          <Button isPending={test.isPending} onPress={() => test.mutate(undefined)}>
            Test what is stored
          </Button>
        ) : null}
        <Button kind="primary" type="submit" isPending={save.isPending}>
          Store
        </Button>
      </div>
      {test.error ? <Failure of={test.error} /> : null}
      {test.data ? <Checks checks={test.data.items} /> : null}
    </form>
  );
}
