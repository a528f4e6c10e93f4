"use client";
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components/Checkbox";
import { Switch as AriaSwitch } from "react-aria-components/Switch";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";

interface ToggleProps {
  children?: ReactNode;
  /** Says what it is when there is no text beside it. */
  label?: string;
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  isDisabled?: boolean;
  className?: string;
}

const row = "group inline-flex min-h-8 items-center gap-2 text-sm data-[disabled]:opacity-45 max-md:min-h-11";
const ring =
  "group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 outline-accent";

/** On or off, counted when the form is sent. */
export function Checkbox({
  children,
  label,
  isIndeterminate = false,
  className,
  ...rest
}: ToggleProps & { isIndeterminate?: boolean }) {
  return (
    <AriaCheckbox
      {...rest}
      isIndeterminate={isIndeterminate}
      aria-label={label}
      className={cx(row, className)}
    >
      <span
        aria-hidden
        className={cx(
          "flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-line-strong bg-surface text-on-accent group-data-[indeterminate]:border-accent group-data-[indeterminate]:bg-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent",
          ring,
        )}
      >
        {isIndeterminate ? (
          <Icon of={Minus} size={12} />
        ) : rest.isSelected ? (
          <Icon of={Check} size={12} />
        ) : null}
      </span>
      {children}
    </AriaCheckbox>
  );
}

/** On or off, at once. */
export function Switch({ children, label, className, ...rest }: ToggleProps) {
  return (
    <AriaSwitch {...rest} aria-label={label} className={cx(row, className)}>
      <span
        aria-hidden
        className={cx(
          "flex h-[18px] w-8 shrink-0 items-center rounded-full border border-line-strong bg-line p-0.5 transition-colors group-data-[selected]:border-accent group-data-[selected]:bg-accent",
          ring,
        )}
      >
        <span className="size-3 rounded-full bg-surface transition-transform group-data-[selected]:translate-x-[14px] group-data-[selected]:bg-on-accent" />
      </span>
      {children}
    </AriaSwitch>
  );
}
