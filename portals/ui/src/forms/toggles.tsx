"use client";
import type { ReactNode } from "react";
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

/** The browser's own box, out of sight, with what is drawn in its place. Like a button's press, a change is its own alone. */
function Toggle({
  children,
  label,
  isSelected,
  onChange,
  isDisabled = false,
  className,
  isIndeterminate = false,
  role,
}: ToggleProps & { isIndeterminate?: boolean; role?: "switch" }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key is the box's
    <label
      data-selected={isSelected || undefined}
      data-indeterminate={isIndeterminate || undefined}
      data-disabled={isDisabled || undefined}
      onClick={(event) => event.stopPropagation()}
      className={cx(
        "group relative inline-flex min-h-8 items-center gap-2 text-sm data-[disabled]:opacity-45 max-md:min-h-11",
        className,
      )}
    >
      <span className="sr-only">
        <input
          ref={(box) => {
            if (box) box.indeterminate = isIndeterminate;
          }}
          type="checkbox"
          role={role}
          aria-label={label}
          checked={isSelected}
          disabled={isDisabled}
          onChange={(event) => onChange(event.currentTarget.checked)}
          onKeyDown={(event) => {
            if (event.key === " ") event.stopPropagation();
          }}
        />
      </span>
      {children}
    </label>
  );
}

const ring =
  "group-has-[:focus-visible]:outline-2 group-has-[:focus-visible]:outline-offset-2 outline-accent";

/** On or off, counted when the form is sent. */
export function Checkbox({
  children,
  isIndeterminate = false,
  ...rest
}: ToggleProps & { isIndeterminate?: boolean }) {
  return (
    <Toggle {...rest} isIndeterminate={isIndeterminate}>
      <span
        aria-hidden
        className={cx(
          "flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-line-strong bg-surface text-on-accent group-data-[indeterminate]:border-accent group-data-[indeterminate]:bg-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent",
          ring,
        )}
      >
        {isIndeterminate ? (
          <Icon of="minus" size={12} />
        ) : rest.isSelected ? (
          <Icon of="check" size={12} />
        ) : null}
      </span>
      {children}
    </Toggle>
  );
}

/** On or off, at once. */
export function Switch({ children, ...rest }: ToggleProps) {
  return (
    <Toggle {...rest} role="switch">
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
    </Toggle>
  );
}
