"use client";
import type { ReactNode } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { labelClass, noteClass, Optional } from "./fields.tsx";

/** The help or the mistake below a field of react-aria's, which ties it to the field. */
export function FieldNote({ help, error }: { help?: ReactNode; error?: string }) {
  if (error) return <FieldError className={noteClass(true)}>{error}</FieldError>;
  if (help)
    return (
      <Text slot="description" className={noteClass(false)}>
        {help}
      </Text>
    );
  return null;
}

/** The label of a field of react-aria's. */
export function FieldLabel({ label, isRequired }: { label: string; isRequired?: boolean }) {
  return (
    <Label className={labelClass}>
      {label}
      <Optional isRequired={isRequired} />
    </Label>
  );
}
