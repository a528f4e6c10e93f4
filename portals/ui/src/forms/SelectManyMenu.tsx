"use client";
import { useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { cx } from "../lib/cx.ts";
import { FieldNote } from "./aria-notes.tsx";
import { ChoiceList } from "./ChoiceList.tsx";
import { labelClass } from "./fields.tsx";
import { SelectArrow, selectClass } from "./Select.tsx";
import { chosenText, type SelectManyProps } from "./SelectMany.tsx";

/** The select itself, open from the start: it is loaded by the press that wants it. */
export default function SelectManyMenu(props: SelectManyProps) {
  const { label, help, error, className, values, onChange, choices, hideLabel } = props;
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <AriaSelect
      selectionMode="multiple"
      defaultOpen
      // What had the focus before the list opened is gone: it was the button this one stands in for.
      onOpenChange={(open) => (open ? undefined : requestAnimationFrame(() => trigger.current?.focus()))}
      value={[...values]}
      onChange={(keys) => {
        const chosen = new Set(keys.map(String));
        // In the order of the list, whichever was chosen first.
        onChange(choices.map((one) => one.value).filter((value) => chosen.has(value)));
      }}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled}
      aria-label={hideLabel ? label : undefined}
      className={cx("flex flex-col gap-1", className)}
    >
      {hideLabel ? null : <Label className={labelClass}>{label}</Label>}
      <AriaButton ref={trigger} className={selectClass}>
        <SelectValue className={cx("truncate", values.length === 0 && "text-muted")}>
          {() => chosenText(props)}
        </SelectValue>
        <SelectArrow />
      </AriaButton>
      <FieldNote help={help} error={error} />
      <ChoiceList choices={choices} />
    </AriaSelect>
  );
}
