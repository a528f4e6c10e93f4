"use client";
import { lazy, Suspense, useState } from "react";
import type { FieldProps } from "./fields.tsx";
import { type Choice, ClosedSelect } from "./Select.tsx";

export interface SelectManyProps extends FieldProps {
  values: readonly string[];
  /** The chosen ones, in the order of the choices. */
  onChange: (values: string[]) => void;
  choices: readonly Choice[];
  /** Shown while nothing is chosen. */
  placeholder: string;
  hideLabel?: boolean;
}

export function chosenText({
  values,
  choices,
  placeholder,
}: Pick<SelectManyProps, "values" | "choices" | "placeholder">) {
  const names = choices.filter((one) => values.includes(one.value)).map((one) => one.label);
  return names.length > 0 ? names.join(", ") : placeholder;
}

const SelectManyMenu = lazy(() => import("./SelectManyMenu.tsx"));

/** Any number of a short list. */
export function SelectMany(props: SelectManyProps) {
  const [wanted, setWanted] = useState(false);
  const closed = (
    <ClosedSelect
      {...props}
      text={chosenText(props)}
      isEmpty={props.values.length === 0}
      onOpen={() => setWanted(true)}
    />
  );
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <SelectManyMenu {...props} />
    </Suspense>
  );
}
