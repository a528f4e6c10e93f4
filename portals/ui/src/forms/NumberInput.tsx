"use client";
import { Button as AriaButton } from "react-aria-components/Button";
import { Group } from "react-aria-components/Group";
import { Input } from "react-aria-components/Input";
import { NumberField } from "react-aria-components/NumberField";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { FieldLabel, FieldNote } from "./aria-notes.tsx";
import type { NumberStepperProps } from "./NumberStepper.tsx";

/** The field itself: arrow keys, minus and plus, and typing in the way of the person's language. */
export default function NumberInput(props: NumberStepperProps) {
  const { label, help, error, className, min, max, hideLabel, onChange, ...rest } = props;
  const step =
    "flex w-8 items-center justify-center text-muted transition-colors hover:bg-hover hover:text-text data-[disabled]:opacity-35 max-md:w-11";
  return (
    <NumberField
      {...rest}
      onChange={(next) => onChange(Number.isNaN(next) ? (min ?? 0) : next)}
      minValue={min}
      maxValue={max}
      isInvalid={Boolean(error)}
      aria-label={hideLabel ? label : undefined}
      className={cx("flex flex-col gap-1", className)}
    >
      {hideLabel ? null : <FieldLabel label={label} isRequired={props.isRequired} />}
      <Group className="flex h-8 w-max overflow-hidden rounded-control border border-line-strong bg-surface focus-within:border-accent focus-within:outline-2 focus-within:outline-accent/35 data-[invalid]:border-bad max-md:h-11">
        <AriaButton slot="decrement" className={step}>
          <Icon of="minus" size={14} />
        </AriaButton>
        <Input className="tabular w-14 border-x border-line bg-transparent text-center text-sm outline-none max-md:text-md" />
        <AriaButton slot="increment" className={step}>
          <Icon of="plus" size={14} />
        </AriaButton>
      </Group>
      <FieldNote help={help} error={error} />
    </NumberField>
  );
}
