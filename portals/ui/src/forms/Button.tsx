"use client";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { cx } from "../lib/cx.ts";
import { AppLink } from "../lib/link.tsx";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";
type Size = "normal" | "small";

const base =
  "inline-flex items-center justify-center gap-2 rounded-control whitespace-nowrap font-semibold transition-colors select-none max-md:min-h-11 disabled:opacity-45 data-[disabled]:opacity-45";
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

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  kind?: ButtonKind;
  size?: Size;
  /** The key that does the same, shown as a hint. */
  hint?: string;
  className?: string;
  children: ReactNode;
}

/** A button. `isPending` keeps its width and its focus and says so to screen readers. */
export function Button({ kind = "plain", size = "normal", hint, className, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={buttonClass(kind, size, cx("relative", className))}>
      {({ isPending }) => (
        <>
          <span className={cx("inline-flex items-center gap-2", isPending && "opacity-60")}>
            {children}
            {hint ? <Key onAccent={kind === "primary"}>{hint}</Key> : null}
          </span>
          {isPending ? (
            <ProgressBar
              isIndeterminate
              aria-label="Working"
              className="absolute inset-x-2 bottom-0.5 h-0.5 overflow-hidden rounded-full"
            >
              <span className="animate-sweep block h-full w-1/3 rounded-full bg-current" />
            </ProgressBar>
          ) : null}
        </>
      )}
    </AriaButton>
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
export function IconButton({
  label,
  className,
  children,
  ...rest
}: Omit<AriaButtonProps, "className" | "children" | "style"> & {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <AriaButton
      {...rest}
      aria-label={label}
      className={cx(
        "inline-flex size-8 items-center justify-center rounded-control text-muted transition-colors hover:bg-hover hover:text-text data-[disabled]:opacity-40 max-md:size-11",
        className,
      )}
    >
      {children}
    </AriaButton>
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
