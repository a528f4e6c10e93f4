"use client";
import { type ButtonHTMLAttributes, type ReactNode, type Ref, useEffect, useRef } from "react";
import { announce } from "../lib/announce.ts";
import { cx } from "../lib/cx.ts";
import { AppLink } from "../lib/link.tsx";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";
type Size = "normal" | "small";

const base =
  "inline-flex items-center justify-center gap-2 rounded-control whitespace-nowrap font-semibold transition-colors select-none max-md:min-h-11 disabled:opacity-45";
const sizes: Record<Size, string> = {
  normal: "min-h-8 px-3 text-sm",
  small: "min-h-7 px-2 text-xs",
};
const kinds: Record<ButtonKind, string> = {
  primary:
    "bg-accent text-on-accent hover:bg-[color-mix(in_oklch,var(--accent)_88%,var(--text))] active:bg-[color-mix(in_oklch,var(--accent)_78%,var(--text))]",
  plain: "border border-line-strong bg-surface text-text hover:bg-hover active:bg-selected",
  quiet: "text-muted hover:bg-hover hover:text-text active:bg-selected",
  danger: "border border-line-strong bg-surface text-bad hover:border-bad hover:bg-hover",
};

export function buttonClass(kind: ButtonKind = "plain", size: Size = "normal", extra?: string): string {
  return cx(base, sizes[size], kinds[kind], extra);
}

/**
 * What presses it: a click, a tap, Enter, Space or a screen reader. The browser's own button does all of that, and comes with
 * the page instead of with its code.
 */
export interface PressProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "onClick" | "disabled" | "className" | "children"> {
  ref?: Ref<HTMLButtonElement>;
  onPress?: () => void;
  isDisabled?: boolean;
  className?: string;
  children: ReactNode;
}

export interface ButtonProps extends PressProps {
  kind?: ButtonKind;
  size?: Size;
  /** It is at it: keeps its width and its focus, does nothing when pressed, and says so to screen readers. */
  isPending?: boolean;
  /** The key that does the same, shown as a hint. */
  hint?: string;
}

/** A button without a look. A press is the button's alone: what it lies in and the keys of the view learn nothing of it. */
export function Press({ onPress, isDisabled, onKeyDown, type = "button", ...rest }: PressProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={isDisabled}
      onClick={(event) => {
        event.stopPropagation();
        onPress?.();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") event.stopPropagation();
        onKeyDown?.(event);
      }}
    />
  );
}

/** A button. */
export function Button({
  kind = "plain",
  size = "normal",
  isPending = false,
  hint,
  className,
  children,
  onPress,
  type,
  ...rest
}: ButtonProps) {
  return (
    <Press
      {...rest}
      // What is pending must not be sent again by Enter in a field either.
      type={isPending ? "button" : type}
      aria-disabled={isPending || undefined}
      onPress={isPending ? undefined : onPress}
      className={buttonClass(kind, size, cx("relative", className))}
    >
      <span className={cx("inline-flex items-center gap-2", isPending && "opacity-60")}>
        {children}
        {hint ? <Key onAccent={kind === "primary"}>{hint}</Key> : null}
      </span>
      {isPending ? <Working /> : null}
    </Press>
  );
}

/** How long it takes is not known. The button that was pressed says so aloud when it begins and when it is over. */
function Working() {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const button = bar.current?.closest("button");
    if (!button) return;
    const name = button.ariaLabel ?? button.firstElementChild?.textContent ?? "";
    if (document.activeElement === button) announce(`${name} Working`);
    return () => {
      if (document.activeElement === button) announce(name);
    };
  }, []);
  return (
    <span
      ref={bar}
      role="progressbar"
      aria-label="Working"
      aria-valuemin={0}
      aria-valuemax={100}
      className="absolute inset-x-2 bottom-0.5 h-0.5 overflow-hidden rounded-full"
    >
      <span className="animate-sweep block h-full w-1/3 rounded-full bg-current" />
    </span>
  );
}

/** A link that looks like a button: it goes somewhere, it does nothing else. */
export function ButtonLink({
  href,
  kind = "plain",
  size = "normal",
  newTab = false,
  onPress,
  className,
  children,
}: {
  href: string;
  /** Opens beside this page, which learns nothing of it. */
  newTab?: boolean;
  onPress?: () => void;
  kind?: ButtonKind;
  size?: Size;
  className?: string;
  children: ReactNode;
}) {
  return (
    <AppLink
      href={href}
      className={buttonClass(kind, size, className)}
      onClick={onPress}
      {...(newTab ? { target: "_blank", rel: "noopener noreferrer" } : {})}
    >
      {children}
    </AppLink>
  );
}

/** A square button with an icon alone; the label is what it says aloud and on hover. */
export function IconButton({ label, className, ...rest }: PressProps & { label: string }) {
  return (
    <Press
      {...rest}
      aria-label={label}
      className={cx(
        "inline-flex size-8 items-center justify-center rounded-control text-muted transition-colors hover:bg-hover hover:text-text disabled:opacity-40 max-md:size-11",
        className,
      )}
    />
  );
}

/** A key as it is written on the keyboard. Hidden on phones, which have none. */
export function Key({ children, onAccent = false }: { children: ReactNode; onAccent?: boolean }) {
  return (
    <kbd
      className={cx(
        "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-[4px] border px-1 font-sans text-[11px] leading-none font-normal max-md:hidden",
        onAccent ? "border-current/40 text-on-accent" : "border-line-strong text-muted",
      )}
    >
      {children}
    </kbd>
  );
}
