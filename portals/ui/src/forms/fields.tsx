"use client";
import { type ReactNode, useId, useRef } from "react";
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

export const noteClass = (isError: boolean): string => cx("text-sm", isError ? "text-bad" : "text-muted");

/** Says that a field may stay empty, where others must not. */
export function Optional({ isRequired }: { isRequired?: boolean }) {
  return isRequired === false ? <span className="font-normal text-muted"> · optional</span> : null;
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

/** Label, field and note, each tied to the field; the field itself is made of the props it is given. */
function Labelled({
  props,
  children,
}: {
  props: FieldProps;
  children: (field: {
    id: string;
    disabled?: boolean;
    "aria-required"?: true;
    "aria-invalid"?: true;
    "aria-describedby"?: string;
  }) => ReactNode;
}) {
  const id = useId();
  const note = props.error ?? props.help;
  return (
    <div className={cx("flex flex-col gap-1", props.className)}>
      <label htmlFor={id} className={labelClass}>
        {props.label}
        <Optional isRequired={props.isRequired} />
      </label>
      {children({
        id,
        disabled: props.isDisabled,
        "aria-required": props.isRequired || undefined,
        "aria-invalid": props.error ? true : undefined,
        "aria-describedby": note ? `${id}-note` : undefined,
      })}
      {note ? (
        <span id={`${id}-note`} className={noteClass(Boolean(props.error))}>
          {note}
        </span>
      ) : null}
    </div>
  );
}

/** What a field hands on to the element as it is. */
function given({
  value,
  onChange,
  name,
  placeholder,
  autoComplete,
  autoFocus,
  maxLength,
  spellCheck,
}: TextFieldProps) {
  return {
    value,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    name,
    placeholder,
    autoComplete,
    autoFocus,
    maxLength,
    spellCheck,
  };
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useTypedBefore(field, props.value, props.onChange);
  return (
    <Labelled props={props}>
      {(own) => (
        <input
          {...own}
          {...given(props)}
          ref={field}
          type={props.type ?? "text"}
          min={props.min}
          max={props.max}
          className="control"
        />
      )}
    </Labelled>
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
export function TextArea({ rows = 4, mono, ...props }: TextAreaProps) {
  return (
    <Labelled props={props}>
      {(own) => (
        <textarea
          {...own}
          {...given(props)}
          rows={rows}
          className={cx("control resize-y [field-sizing:content]", mono && "font-mono text-sm")}
          style={{ minHeight: rows * 20 + 12 }}
        />
      )}
    </Labelled>
  );
}
