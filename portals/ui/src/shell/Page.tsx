"use client";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { Key } from "../forms/Button.tsx";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { AppLink } from "../lib/link.tsx";
import { openPalette } from "../overlay/CommandPalette.tsx";
import { type Liveness, useShell } from "./shell-context.ts";

export interface Crumb {
  href: string;
  label: string;
}

export interface PageProps {
  title: string;
  crumbs?: readonly Crumb[];
  /** Beside the title: at most one primary action. */
  actions?: ReactNode;
  /** `fill` takes the whole height, for split views; `read` keeps a readable width. */
  width?: "read" | "wide" | "fill";
  children: ReactNode;
}

/** One page: the top line with breadcrumb, live dot and ⌘K, then the content. */
export function Page({ title, crumbs = [], actions, width = "wide", children }: PageProps) {
  const { live, product } = useShell();
  const commandKey = useCommandKey();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <>
      <header className="sticky top-(--strip) z-20 flex h-12 shrink-0 items-center gap-3 border-b border-line bg-bg px-6 max-md:px-4">
        <nav aria-label="Breadcrumb" className="flex min-w-0 flex-1 items-center gap-1.5 text-sm">
          {crumbs.map((crumb) => (
            <span key={crumb.href} className="flex shrink-0 items-center gap-1.5 text-muted max-md:hidden">
              <AppLink href={crumb.href} className="rounded-[3px] hover:text-text">
                {crumb.label}
              </AppLink>
              <Icon of="chevron-right" size={12} />
            </span>
          ))}
          <h1 className="truncate font-semibold">{title}</h1>
        </nav>
        <LiveDot live={live} />
        <button
          type="button"
          onClick={openPalette}
          aria-keyshortcuts="Meta+K Control+K"
          className="flex h-7 items-center gap-2 rounded-control px-1.5 text-sm text-muted hover:bg-hover hover:text-text max-md:size-11 max-md:justify-center"
        >
          <Icon of="search" />
          <span className="sr-only">Search and actions</span>
          <Key>{commandKey}</Key>
        </button>
        {actions}
      </header>
      <main
        id="main"
        tabIndex={-1}
        className={cx(
          "min-w-0 outline-none",
          width === "fill" && "flex min-h-0 flex-1 flex-col",
          width === "wide" && "mx-auto w-full max-w-[1168px] px-6 py-6 max-md:px-4 max-md:py-4",
          width === "read" && "mx-auto w-full max-w-[808px] px-6 py-6 max-md:px-4 max-md:py-4",
        )}
      >
        {children}
      </main>
    </>
  );
}

const never = () => () => {};

/** What opens the palette on this keyboard; ⌘K until the browser is asked. */
function useCommandKey(): string {
  return useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"),
    () => "⌘K",
  );
}

const liveWords: Record<Liveness, string> = {
  live: "Live",
  connecting: "Connecting",
  offline: "Offline, trying again",
};

/** Whether what is on the screen is the present. */
export function LiveDot({ live }: { live: Liveness }) {
  return (
    <span role="status" className="flex items-center gap-1.5 text-xs text-muted" title={liveWords[live]}>
      <span
        aria-hidden
        className={cx(
          "size-2 rounded-full",
          live === "live" ? "bg-ok" : live === "connecting" ? "animate-breathe bg-muted" : "bg-warn",
        )}
      />
      <span className={live === "live" ? "sr-only" : "max-md:sr-only"}>{liveWords[live]}</span>
    </span>
  );
}
