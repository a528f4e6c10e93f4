"use client";
import { useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { cx } from "../lib/cx.ts";
import { FieldNote } from "./aria-notes.tsx";
import { ChoiceList } from "./ChoiceList.tsx";
import { labelClass } from "./fields.tsx";
import { SelectArrow, type SelectProps, selectClass } from "./Select.tsx";

/** The select itself, open from the start: it is loaded by the press that wants it. */
export default function SelectMenu(props: SelectProps) {
  const { label, help, error, className, value, onChange, choices, placeholder, hideLabel } = props;
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <AriaSelect
      defaultOpen
      // What had the focus before the list opened is gone: it was the button this one stands in for.
      onOpenChange={(open) => (open ? undefined : requestAnimationFrame(() => trigger.current?.focus()))}
      value={value === "" ? null : value}
      onChange={(key) => onChange(key === null ? "" : String(key))}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled}
      placeholder={placeholder ?? "Choose"}
      aria-label={hideLabel ? label : undefined}
      className={cx("flex flex-col gap-1", className)}
    >
      {hideLabel ? null : <Label className={labelClass}>{label}</Label>}
      <AriaButton ref={trigger} className={selectClass}>
        <SelectValue className="truncate data-[placeholder]:text-muted">
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <SelectArrow />
      </AriaButton>
      <FieldNote help={help} error={error} />
      <ChoiceList choices={choices} />
    </AriaSelect>
  );
}
