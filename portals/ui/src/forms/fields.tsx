"use client";
import { type ReactNode, useRef } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea as AriaTextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { cx } from "../lib/cx.ts";
import { useTypedBefore } from "../lib/typed-before.ts";

export interface FieldProps {
  label: string;
  /** Said below the field while there is nothing wrong. */
  help?: ReactNode;
  /** What is wrong with the value, in a sentence; shown in place of the help. */
  error?: string;
  isRequired?: boolean;
  isDisabled?: boolean;
  className?: string;
}

export const labelClass = "text-sm font-semibold text-text";

/** The help or the mistake below a field; both are tied to it for screen readers. */
export function FieldNote({ help, error }: { help?: ReactNode; error?: string }) {
  if (error) return <FieldError className="text-sm text-bad">{error}</FieldError>;
  if (help)
    return (
      <Text slot="description" className="text-sm text-muted">
        {help}
      </Text>
    );
  return null;
}

export function FieldLabel({ label, isRequired }: { label: string; isRequired?: boolean }) {
  return (
    <Label className={labelClass}>
      {label}
      {isRequired === false ? <span className="font-normal text-muted"> · optional</span> : null}
    </Label>
  );
}

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  name?: string;
  type?: "text" | "email" | "password" | "url" | "search" | "date";
  placeholder?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  maxLength?: number;
  min?: string;
  max?: string;
  spellCheck?: boolean;
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { label, help, error, className, placeholder, type = "text", min, max, spellCheck, ...rest } = props;
  const field = useRef<HTMLInputElement>(null);
  useTypedBefore(field, props.value, props.onChange);
  return (
    <AriaTextField
      {...rest}
      type={type}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={cx("flex flex-col gap-1", className)}
    >
      <FieldLabel label={label} isRequired={props.isRequired} />
      <Input
        ref={field}
        className="control"
        placeholder={placeholder}
        min={min}
        max={max}
        spellCheck={spellCheck}
      />
      <FieldNote help={help} error={error} />
    </AriaTextField>
  );
}

/** A day, as `2026-12-31`. The browser's own picker: it knows the person's calendar and keyboard. */
export function DateField(props: Omit<TextFieldProps, "type" | "placeholder">) {
  return <TextField {...props} type="date" className={cx("tabular", props.className)} />;
}

export interface TextAreaProps extends Omit<TextFieldProps, "type" | "min" | "max"> {
  rows?: number;
  mono?: boolean;
}

/** Several lines of text; grows with what is typed where the browser can. */
export function TextArea(props: TextAreaProps) {
  const { label, help, error, className, placeholder, rows = 4, mono, spellCheck, ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={cx("flex flex-col gap-1", className)}
    >
      <FieldLabel label={label} isRequired={props.isRequired} />
      <AriaTextArea
        rows={rows}
        placeholder={placeholder}
        spellCheck={spellCheck}
        className={cx("control resize-y [field-sizing:content]", mono && "font-mono text-sm")}
        style={{ minHeight: rows * 20 + 12 }}
      />
      <FieldNote help={help} error={error} />
    </AriaTextField>
  );
}
