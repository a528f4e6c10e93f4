"use client";
import {
  Button,
  DateField,
  Icon,
  IconButton,
  NumberStepper,
  Select,
  SelectMany,
  TextField,
} from "@leadmetrics/ui";
import { type ContentType, contentTypes, tenantQueries, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { creditsOf, MAX_QUANTITY, MAX_ROWS, type PlanForm } from "./rules.ts";

const kinds = Object.entries(contentTypes).map(([value, name]) => ({ value, label: name.many }));
const none = { value: "none", label: "None" };

/** The plan as a table of deliverables with steppers. */
export function PlanEditor({
  form,
  onChange,
  errors,
}: {
  form: PlanForm;
  onChange: (form: PlanForm) => void;
  errors: Readonly<Record<string, string>>;
}) {
  const channels = useQuery(tenantQueries.channels);
  const goals = useQuery(tenantQueries.goals);
  const templates = useQuery(tenantQueries.templates);
  const format = useFormat();
  const channelChoices = (channels.data?.items ?? []).map((one) => ({ value: one.ref, label: one.name }));
  const goalChoices = [
    none,
    ...(goals.data?.items ?? []).map((one) => ({ value: one.ref, label: one.name })),
  ];
  const set = (key: string, change: Partial<PlanForm["rows"][number]>) =>
    onChange({ ...form, rows: form.rows.map((row) => (row.key === key ? { ...row, ...change } : row)) });
  const cell =
    "flex flex-col gap-1 @3xl:table-cell @3xl:px-2 @3xl:py-2 @3xl:align-middle @3xl:first:pl-0 @3xl:last:pr-0";
  const head = "px-2 pb-1 text-left text-xs font-normal text-muted first:pl-0";

  return (
    <div className="flex flex-col gap-6">
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_160px_160px]">
        <TextField
          label="Plan"
          value={form.title}
          onChange={(title) => onChange({ ...form, title })}
          error={errors.title}
          maxLength={200}
        />
        <DateField
          label="First day"
          value={form.start}
          onChange={(start) => onChange({ ...form, start })}
          error={errors.start}
        />
        <DateField
          label="Last day"
          value={form.end}
          min={form.start}
          onChange={(end) => onChange({ ...form, end })}
          error={errors.end}
        />
      </div>
      <div className="@container">
        <table className="block w-full border-collapse text-sm @3xl:table @3xl:table-fixed">
          <thead className="hidden @3xl:table-header-group">
            <tr className="border-b border-line">
              <th scope="col" className={`${head} w-38`}>
                Deliverable
              </th>
              <th scope="col" className={`${head} w-32`}>
                Quantity
              </th>
              <th scope="col" className={head}>
                What it is about
              </th>
              <th scope="col" className={`${head} w-42`}>
                Published on
              </th>
              <th scope="col" className={`${head} w-36`}>
                Serves
              </th>
              <th scope="col" className={`${head} w-16 text-right`}>
                Credits
              </th>
              <th scope="col" className="w-10">
                <span className="sr-only">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody className="block @3xl:table-row-group">
            {form.rows.map((row) => (
              <tr
                key={row.key}
                className="grid grid-cols-2 gap-3 border-b border-line py-4 @3xl:table-row @3xl:py-0"
              >
                <td className={cell}>
                  <FieldName>Deliverable</FieldName>
                  <Select
                    hideLabel
                    label="Deliverable"
                    choices={kinds}
                    value={row.contentType}
                    onChange={(value) => set(row.key, { contentType: value as ContentType })}
                  />
                </td>
                <td className={cell}>
                  <FieldName>Quantity</FieldName>
                  <NumberStepper
                    hideLabel
                    label="Quantity"
                    value={row.quantity}
                    min={1}
                    max={MAX_QUANTITY}
                    onChange={(quantity) => set(row.key, { quantity })}
                  />
                </td>
                <td className={`${cell} col-span-2`}>
                  <FieldName>What it is about</FieldName>
                  <input
                    className="control"
                    aria-label="What it is about"
                    placeholder="Left to the planner"
                    value={row.theme ?? ""}
                    maxLength={500}
                    onChange={(event) => set(row.key, { theme: event.target.value })}
                  />
                </td>
                <td className={cell}>
                  <FieldName>Published on</FieldName>
                  <SelectMany
                    hideLabel
                    label="Published on"
                    choices={channelChoices}
                    values={row.channelRefs ?? []}
                    placeholder="None"
                    onChange={(channelRefs) => set(row.key, { channelRefs })}
                  />
                </td>
                <td className={cell}>
                  <FieldName>Serves the goal</FieldName>
                  <Select
                    hideLabel
                    label="Serves the goal"
                    choices={goalChoices}
                    value={row.goalRef || "none"}
                    onChange={(value) => set(row.key, { goalRef: value === "none" ? "" : value })}
                  />
                </td>
                <td className={`${cell} tabular text-right @max-3xl:self-center`}>
                  <span className="@max-3xl:self-start">
                    {templates.data ? format.number(creditsOf(row, templates.data.items)) : "…"}
                    <span className="text-muted @3xl:hidden"> credits</span>
                  </span>
                </td>
                <td className={`${cell} @max-3xl:items-end`}>
                  <IconButton
                    label={`Remove ${contentTypes[row.contentType].many.toLowerCase()}`}
                    isDisabled={form.rows.length === 1}
                    onPress={() =>
                      onChange({ ...form, rows: form.rows.filter((one) => one.key !== row.key) })
                    }
                  >
                    <Icon of="trash" size={14} />
                  </IconButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {errors.deliverables ? (
          <p role="alert" className="mt-2 text-sm text-bad">
            {errors.deliverables}
          </p>
        ) : null}
        {form.rows.length >= MAX_ROWS ? null : (
          <Button
            kind="quiet"
            className="mt-2 -ml-3"
            onPress={() =>
              onChange({
                ...form,
                rows: [...form.rows, { key: crypto.randomUUID(), contentType: "blog_post", quantity: 1 }],
              })
            }
          >
            <Icon of="plus" /> Add a deliverable
          </Button>
        )}
      </div>
    </div>
  );
}

/** Stands over a field where the table has no head; screen readers have the field's own label. */
function FieldName({ children }: { children: string }) {
  return (
    <span aria-hidden className="text-xs text-muted @3xl:hidden">
      {children}
    </span>
  );
}
