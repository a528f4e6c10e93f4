"use client";
import { Check } from "lucide-react";
import { useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { FieldNote, labelClass } from "./fields.tsx";
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
      <Popover className="animate-fade min-w-(--trigger-width) rounded-panel bg-raised p-1 shadow-lift">
        <ListBox className="max-h-72 overflow-auto outline-none">
          {choices.map((choice) => (
            <ListBoxItem
              key={choice.value}
              id={choice.value}
              textValue={choice.label}
              className="flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 py-1 text-sm outline-none data-[focused]:bg-hover max-md:min-h-11"
            >
              {({ isSelected }) => (
                <>
                  <span className="w-4 text-accent">{isSelected ? <Icon of={Check} size={14} /> : null}</span>
                  <span className="flex-1">
                    {choice.label}
                    {choice.note ? <span className="block text-xs text-muted">{choice.note}</span> : null}
                  </span>
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
