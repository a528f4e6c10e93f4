"use client";
import { Button, TextField } from "@leadmetrics/ui";
import { type FormEvent, type ReactNode, useState } from "react";
import { ApiError } from "../api/errors.ts";
import type { BudgetLimits } from "../api/shapes.ts";
import { Failure } from "../app/Query.tsx";
import { formOf, readForm } from "./rules.ts";

/** The three figures of a cap; an empty one is no limit. */
export function LimitsForm({
  limits,
  onStore,
  isPending,
  failure,
  aside,
  withMoney = true,
}: {
  limits: BudgetLimits | null | undefined;
  onStore: (limits: BudgetLimits) => void;
  isPending: boolean;
  failure: unknown;
  /** What models cost is the platform's business, not its clients'. */
  withMoney?: boolean;
  /** Buttons beside the one that stores. */
  aside?: ReactNode;
}) {
  const [form, setForm] = useState(() => formOf(limits));
  const [problems, setProblems] = useState<Partial<typeof form>>({});
  const refused = failure instanceof ApiError ? failure.fields : {};
  const set = (name: keyof typeof form) => (value: string) => {
    setForm({ ...form, [name]: value });
    setProblems({ ...problems, [name]: undefined });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readForm(form);
    if ("problems" in read) setProblems(read.problems);
    else onStore(read.limits);
  };
  const field = (name: keyof typeof form, label: string, help: string) => (
    <TextField
      label={label}
      help={help}
      value={form[name]}
      onChange={set(name)}
      error={problems[name] ?? refused[`limits.${name}`]}
      placeholder="no limit"
      maxLength={16}
      autoComplete="off"
      isRequired={false}
      className="tabular"
    />
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {failure ? <Failure of={failure} /> : null}
      {withMoney
        ? field("money", "Model cost, in US dollars", "As the providers price what agents ask their models.")
        : null}
      {field("tokens", "Tokens", "What models read and write.")}
      {field("runs", "Runs", "Attempts of one run count once.")}
      <div className="flex flex-wrap justify-end gap-2">
        {aside}
        <Button kind="primary" type="submit" isPending={isPending}>
          Store
        </Button>
      </div>
    </form>
  );
}
