"use client";
import { lazy, Suspense } from "react";
import { cx } from "../lib/cx.ts";
import { type FieldProps, labelClass, noteClass, Optional } from "./fields.tsx";

export interface NumberStepperProps extends FieldProps {
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** Leaves the label to screen readers, for a cell whose column says it. */
  hideLabel?: boolean;
}

const NumberInput = lazy(() => import("./NumberInput.tsx"));

/** A whole number with minus and plus; arrow keys and typing work as well. */
export function NumberStepper(props: NumberStepperProps) {
  return (
    <Suspense fallback={<NumberComing {...props} />}>
      <NumberInput {...props} />
    </Suspense>
  );
}

/** The number while its field is fetched: as large as it will be. */
function NumberComing({ label, hideLabel, isRequired, value, help, error, className }: NumberStepperProps) {
  const note = error ?? help;
  return (
    <div aria-busy className={cx("flex flex-col gap-1", className)}>
      {hideLabel ? null : (
        <span className={labelClass}>
          {label}
          <Optional isRequired={isRequired} />
        </span>
      )}
      <span className="tabular flex h-8 w-[122px] items-center justify-center rounded-control border border-line-strong bg-surface text-sm max-md:h-11 max-md:w-[146px]">
        {value}
      </span>
      {note ? <span className={noteClass(Boolean(error))}>{note}</span> : null}
    </div>
  );
}
