"use client";
import { lazy, Suspense, useId, useState } from "react";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { Press } from "./Button.tsx";
import { type FieldProps, labelClass, noteClass } from "./fields.tsx";

export interface Choice {
  value: string;
  label: string;
  note?: string;
}

export interface SelectProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  choices: readonly Choice[];
  placeholder?: string;
  hideLabel?: boolean;
}

export const selectClass = "control flex items-center justify-between gap-2 text-left";

export function SelectArrow() {
  return <Icon of="chevrons-up-down" size={14} className="shrink-0 text-muted" />;
}

// The list and what positions it come with the first press: most page views choose nothing.
const SelectMenu = lazy(() => import("./SelectMenu.tsx"));

/** One of a short list. */
export function Select(props: SelectProps) {
  const [wanted, setWanted] = useState(false);
  const chosen = props.choices.find((one) => one.value === props.value);
  const closed = (
    <ClosedSelect
      {...props}
      text={chosen?.label ?? props.placeholder ?? "Choose"}
      isEmpty={!chosen}
      onOpen={() => setWanted(true)}
    />
  );
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <SelectMenu {...props} />
    </Suspense>
  );
}

/** The field before anybody has opened it; looks and reads as it does afterwards. */
export function ClosedSelect(
  props: FieldProps & {
    hideLabel?: boolean;
    /** What is chosen, or what stands there while nothing is. */
    text: string;
    isEmpty: boolean;
    onOpen: () => void;
  },
) {
  const { label, help, error, className, hideLabel, text, isEmpty, onOpen } = props;
  const id = useId();
  const note = error ?? help;
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <span id={`${id}-label`} className={hideLabel ? "sr-only" : labelClass}>
        {label}
      </span>
      <Press
        aria-haspopup="listbox"
        aria-expanded={false}
        aria-labelledby={`${id}-value ${id}-label`}
        aria-describedby={note ? `${id}-note` : undefined}
        isDisabled={props.isDisabled}
        onPress={onOpen}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") onOpen();
        }}
        className={cx(selectClass, error && "!border-bad")}
      >
        <span id={`${id}-value`} className={cx("truncate", isEmpty && "text-muted")}>
          {text}
        </span>
        <SelectArrow />
      </Press>
      {note ? (
        <span id={`${id}-note`} className={noteClass(Boolean(error))}>
          {note}
        </span>
      ) : null}
    </div>
  );
}
