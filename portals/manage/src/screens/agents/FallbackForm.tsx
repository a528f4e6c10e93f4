"use client";
import { Button, Icon, Select, TextField, toast } from "@leadmetrics/ui";
import { type AdapterCheck, Failure, type Fallback, type FallbackStep, useAction } from "@leadmetrics/web";
import { type FormEvent, useState } from "react";
import { adapters } from "./adapters.ts";
import { Checks } from "./Checks.tsx";

/** So many models one after the other. */
const MOST = 4;

interface Edited extends FallbackStep {
  id: number;
}

/** What a role goes on with when its first model does not answer, in order. */
export function FallbackForm({
  fallback,
  store,
  test,
  followDefault,
  onClose,
}: {
  /** What holds now; its version is of what would be changed. */
  fallback: Pick<Fallback, "steps" | "version">;
  store: (change: { steps: FallbackStep[]; version: number }) => Promise<unknown>;
  /** Asks a step, stored or not, whether it could work. */
  test: (step: FallbackStep) => Promise<{ items: AdapterCheck[] }>;
  followDefault?: () => Promise<unknown>;
  onClose: () => void;
}) {
  const [steps, setSteps] = useState<Edited[]>(() => fallback.steps.map((step, id) => ({ ...step, id })));
  const stored = {
    renews: ["fallbacks", "runs", "audit"],
    quiet: true,
    done: () => {
      toast("Stored. Runs from now on go by it.", { tone: "ok" });
      onClose();
    },
  };
  const save = useAction(
    () =>
      store({
        steps: steps.map(({ adapter, model }) => ({ adapter, model: model.trim() })),
        version: fallback.version,
      }),
    stored,
  );
  const follow = useAction(() => followDefault?.() ?? Promise.resolve(), stored);
  const change = (id: number, to: Partial<FallbackStep>) =>
    setSteps(steps.map((step) => (step.id === id ? { ...step, ...to } : step)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  const failure = save.error ?? follow.error;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure ? <Failure of={failure} /> : null}
      {steps.length === 0 ? (
        <p className="text-sm text-muted">Nothing: a run waits or fails with its first model.</p>
      ) : null}
      {steps.map((step, index) => (
        <Step
          key={step.id}
          step={step}
          place={index + 1}
          test={test}
          onChange={(to) => change(step.id, to)}
          onRemove={() => setSteps(steps.filter((one) => one.id !== step.id))}
        />
      ))}
      <div className="flex flex-wrap justify-end gap-2">
        {steps.length < MOST ? (
          <Button
            className="mr-auto"
            onPress={() =>
              setSteps([
                ...steps,
                { adapter: "openai", model: "", id: Math.max(-1, ...steps.map((one) => one.id)) + 1 },
              ])
            }
          >
            <Icon of="plus" /> Add a model
          </Button>
        ) : null}
        {followDefault ? (
          <Button isPending={follow.isPending} onPress={() => follow.mutate(undefined)}>
            Follow the default again
          </Button>
        ) : null}
        <Button kind="primary" type="submit" isPending={save.isPending}>
          Store fallback
        </Button>
      </div>
    </form>
  );
}

function Step({
  step,
  place,
  test: ask,
  onChange,
  onRemove,
}: {
  step: FallbackStep;
  place: number;
  test: (step: FallbackStep) => Promise<{ items: AdapterCheck[] }>;
  onChange: (to: Partial<FallbackStep>) => void;
  onRemove: () => void;
}) {
  const test = useAction(() => ask({ adapter: step.adapter, model: step.model.trim() }), {
    renews: [],
    quiet: true,
  });
  const chosen = adapters.find((one) => one.value === step.adapter);
  return (
    <fieldset className="flex flex-col gap-3 border-l-2 border-line pl-3">
      <legend className="sr-only">Fallback {place}</legend>
      <div className="flex items-end gap-2">
        <Select
          className="flex-1"
          label={`${place}. Adapter`}
          choices={adapters}
          value={step.adapter}
          onChange={(adapter) => onChange({ adapter, model: "" })}
        />
        <Button
          isPending={test.isPending}
          onPress={() => test.mutate(undefined)}
          aria-label={`Test fallback ${place}`}
        >
          Test
        </Button>
        <Button kind="quiet" onPress={onRemove} aria-label={`Remove fallback ${place}`}>
          <Icon of="trash" />
        </Button>
      </div>
      {chosen?.remote ? (
        <TextField
          label="Model"
          value={step.model}
          onChange={(model) => onChange({ model })}
          placeholder={chosen.model}
          maxLength={100}
          isRequired={false}
        />
      ) : null}
      {test.error ? <Failure of={test.error} /> : null}
      {test.data ? <Checks checks={test.data.items} /> : null}
    </fieldset>
  );
}
