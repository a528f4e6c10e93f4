"use client";
import {
  Button,
  DateField,
  Icon,
  IconButton,
  NumberStepper,
  Select,
  TextArea,
  TextField,
} from "@leadmetrics/ui";
import { COUNTED, type StrategyForm } from "./rules.ts";

type GoalForm = StrategyForm["goals"][number];

const metrics = [
  { value: COUNTED, label: "Published items", note: "Counts by itself" },
  { value: "organic_visits", label: "Organic visits", note: "Entered by people" },
  { value: "leads", label: "Leads", note: "Entered by people" },
  { value: "newsletter_subscribers", label: "Newsletter subscribers", note: "Entered by people" },
];

/** Text and goals of a strategy. */
export function StrategyEditor({
  form,
  onChange,
  errors,
}: {
  form: StrategyForm;
  onChange: (form: StrategyForm) => void;
  errors: Readonly<Record<string, string>>;
}) {
  const set = (key: string, change: Partial<GoalForm>) =>
    onChange({
      ...form,
      goals: form.goals.map((goal) => (goal.key === key ? { ...goal, ...change } : goal)),
    });
  const add = () =>
    onChange({
      ...form,
      goals: [
        ...form.goals,
        {
          key: crypto.randomUUID(),
          name: "",
          metric: COUNTED,
          baseline: "0",
          target: "",
          current: "0",
          due: form.goals[0]?.due ?? "",
        },
      ],
    });
  return (
    <div className="flex flex-col gap-6">
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
        <TextField
          label="Name"
          value={form.title}
          onChange={(title) => onChange({ ...form, title })}
          error={errors.title}
          maxLength={200}
          autoFocus
        />
        <NumberStepper
          label="Months"
          min={1}
          max={36}
          value={form.horizonMonths}
          onChange={(horizonMonths) => onChange({ ...form, horizonMonths })}
        />
      </div>
      <TextArea
        label="Strategy"
        help="Markdown. What you want to reach, for whom, and how content helps. Agents read it."
        rows={8}
        value={form.body}
        onChange={(body) => onChange({ ...form, body })}
        error={errors.body}
        maxLength={40_000}
      />
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-1 text-md font-semibold">Goals</legend>
        {form.goals.map((goal) => (
          <GoalRow
            key={goal.key}
            goal={goal}
            errors={errors}
            onChange={(change) => set(goal.key, change)}
            onRemove={() => onChange({ ...form, goals: form.goals.filter((one) => one.key !== goal.key) })}
          />
        ))}
        {errors.goals ? (
          <p role="alert" className="text-sm text-bad">
            {errors.goals}
          </p>
        ) : null}
        <Button kind="quiet" className="-ml-3 self-start" onPress={add}>
          <Icon of="plus" /> Add a goal
        </Button>
      </fieldset>
    </div>
  );
}

function GoalRow({
  goal,
  errors,
  onChange,
  onRemove,
}: {
  goal: GoalForm;
  errors: Readonly<Record<string, string>>;
  onChange: (change: Partial<GoalForm>) => void;
  onRemove: () => void;
}) {
  const of = (field: keyof GoalForm) => errors[`goals.${goal.key}.${field}`];
  return (
    <div className="grid grid-cols-2 items-start gap-3 border-t border-line pt-3 md:grid-cols-[minmax(0,1fr)_170px_76px_76px_150px_32px]">
      <TextField
        className="col-span-2 md:col-span-1"
        label="Goal"
        value={goal.name}
        onChange={(name) => onChange({ name })}
        error={of("name")}
        maxLength={200}
      />
      <Select
        className="col-span-2 md:col-span-1"
        label="Measured by"
        choices={
          metrics.some((one) => one.value === goal.metric)
            ? metrics
            : [...metrics, { value: goal.metric, label: goal.metric }]
        }
        value={goal.metric}
        onChange={(metric) => onChange({ metric })}
      />
      <TextField
        label="From"
        value={goal.baseline}
        onChange={(baseline) => onChange({ baseline })}
        error={of("baseline")}
      />
      <TextField
        label="To"
        value={goal.target}
        onChange={(target) => onChange({ target })}
        error={of("target")}
      />
      <DateField label="By" value={goal.due} onChange={(due) => onChange({ due })} error={of("due")} />
      <IconButton label={`Remove ${goal.name || "this goal"}`} className="md:mt-6" onPress={onRemove}>
        <Icon of="trash" size={14} />
      </IconButton>
      {goal.metric === COUNTED ? null : (
        <TextField
          className="col-span-2 md:col-span-1"
          label="Now"
          value={goal.current}
          onChange={(current) => onChange({ current })}
          error={of("current")}
        />
      )}
    </div>
  );
}
