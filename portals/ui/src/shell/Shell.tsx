"use client";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { IconButton, Press } from "../forms/Button.tsx";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { AppLink } from "../lib/link.tsx";
import { SidePanel } from "../overlay/Dialog.tsx";
import { Menu } from "../overlay/Menu.tsx";
import { Count } from "./Count.tsx";
import { Mark } from "./Mark.tsx";
import { type Liveness, type NavItem, ShellContext } from "./shell-context.ts";
import { flipTheme } from "./theme.ts";

export interface ShellProps {
  product: string;
  nav: readonly NavItem[];
  /** The current path. */
  path: string;
  live: Liveness;
  person: { name: string; detail?: string };
  onSignOut: () => void;
  /** Over every page, while something holds for all of them. */
  banner?: ReactNode;
  /** Shows the keys of the page. */
  onKeys?: () => void;
  children: ReactNode;
}

const collapsedKey = "lm:rail";

/** Lines of the navigation in the bar of phones; the others are behind "More". */
const ON_PHONES = 4;
const loadPhoneMenu = () => import("./PhoneMenu.tsx");
const PhoneMenu = lazy(loadPhoneMenu);

/** The frame of a portal: rail at the left, a bar at the bottom of phones, the page between. */
export function Shell({ product, nav, path, live, person, onSignOut, banner, onKeys, children }: ShellProps) {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => setNarrow(localStorage.getItem(collapsedKey) === "narrow"), []);
  const toggle = () => {
    localStorage.setItem(collapsedKey, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  };
  return (
    <ShellContext value={{ live, product }}>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-control bg-raised px-3 py-2 text-sm focus:translate-y-0 focus:shadow-lift"
      >
        Skip to the content
      </a>
      <div className="flex min-h-[calc(100dvh-var(--strip))]">
        <aside
          aria-label="Sidebar"
          className={cx(
            "sticky top-(--strip) flex h-[calc(100dvh-var(--strip))] shrink-0 flex-col border-r border-line transition-[width] max-md:hidden",
            narrow ? "w-[57px]" : "w-[232px]",
          )}
        >
          <div className="flex h-12 items-center gap-2 px-3">
            <AppLink
              href="/"
              className="flex min-w-0 flex-1 items-center gap-2 rounded-control"
              aria-label={`${product}, home`}
            >
              <Mark />
              {narrow ? null : <span className="truncate font-semibold">{product}</span>}
            </AppLink>
            {narrow ? null : (
              <IconButton label="Collapse the rail" onPress={toggle} className="!size-7">
                <Icon of="panel-left" />
              </IconButton>
            )}
          </div>
          <nav aria-label="Main" className="flex flex-1 flex-col gap-px overflow-auto p-2">
            {nav.map((item) => (
              <RailLink key={item.href} item={item} active={isActive(item.href, path)} narrow={narrow} />
            ))}
          </nav>
          <div className={cx("flex items-center gap-1 border-t border-line p-2", narrow && "flex-col")}>
            {narrow ? (
              <IconButton label="Widen the rail" onPress={toggle}>
                <Icon of="panel-left" />
              </IconButton>
            ) : null}
            <PersonMenu person={person} narrow={narrow} onSignOut={onSignOut} onKeys={onKeys} />
          </div>
        </aside>
        <div className="flex min-w-0 flex-1 flex-col max-md:pb-[calc(56px+env(safe-area-inset-bottom))]">
          {banner}
          {children}
        </div>
      </div>
      <BottomBar nav={nav} path={path} person={person} onSignOut={onSignOut} />
    </ShellContext>
  );
}

const isActive = (href: string, path: string): boolean =>
  href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);

function RailLink({ item, active, narrow }: { item: NavItem; active: boolean; narrow: boolean }) {
  return (
    <>
      {item.group && !narrow ? <p className="px-2 pt-4 pb-1 text-xs text-muted">{item.group}</p> : null}
      <AppLink
        href={item.href}
        aria-current={active ? "page" : undefined}
        title={narrow ? item.label : undefined}
        className={cx(
          "flex h-8 items-center gap-3 rounded-control px-2 text-sm transition-colors",
          active ? "bg-selected font-semibold text-text" : "text-muted hover:bg-hover hover:text-text",
          narrow && "relative justify-center",
        )}
      >
        <Icon of={item.icon} className={active ? "text-accent" : undefined} />
        <span className={cx("flex-1 truncate", narrow && "sr-only")}>{item.label}</span>
        <Count value={item.count} dot={narrow} />
      </AppLink>
    </>
  );
}

function PersonMenu({
  person,
  narrow,
  onSignOut,
  onKeys,
}: Pick<ShellProps, "person" | "onSignOut" | "onKeys"> & { narrow: boolean }) {
  return (
    <Menu
      label="Your account"
      trigger={
        <Press
          aria-label={narrow ? person.name : undefined}
          className={cx(
            "flex h-8 items-center gap-2 rounded-control text-sm hover:bg-hover",
            narrow ? "size-8 justify-center" : "w-full px-2",
          )}
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-full bg-selected text-xs font-semibold text-accent"
          >
            {initials(person.name)}
          </span>
          {narrow ? null : (
            <span className="min-w-0 flex-1 truncate text-left">
              {person.name}
              {person.detail ? <span className="text-muted"> · {person.detail}</span> : null}
            </span>
          )}
        </Press>
      }
      actions={[
        { id: "theme", label: "Light or dark", icon: "sun-moon", onAction: flipTheme },
        ...(onKeys ? [{ id: "keys", label: "Keyboard", icon: "keyboard" as const, onAction: onKeys }] : []),
        { id: "out", label: "Sign out", icon: "log-out", onAction: onSignOut },
      ]}
    />
  );
}

function initials(name: string): string {
  const letters = name
    .split(/[\s@.]+/)
    .filter(Boolean)
    .slice(0, 2);
  return letters.map((part) => part[0]?.toUpperCase()).join("");
}

function BottomBar({
  nav,
  path,
  person,
  onSignOut,
}: Pick<ShellProps, "nav" | "path" | "person" | "onSignOut">) {
  const [more, setMore] = useState(false);
  const first = nav.slice(0, ON_PHONES);
  const cell = "relative flex flex-1 flex-col items-center justify-center gap-1 text-[11px] leading-none";
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex h-[calc(56px+env(safe-area-inset-bottom))] border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {first.map((item) => {
        const active = isActive(item.href, path);
        return (
          <AppLink
            key={item.href}
            href={item.href}
            aria-current={active ? "page" : undefined}
            className={cx(cell, active ? "text-accent" : "text-muted")}
          >
            <Icon of={item.icon} size={20} />
            <span className="max-w-full truncate px-1">{item.label}</span>
            {item.count ? (
              <span className="absolute top-1.5 left-1/2 ml-2 min-w-4 rounded-full bg-accent px-1 text-center text-[10px] leading-4 font-semibold text-on-accent">
                {item.count}
              </span>
            ) : null}
          </AppLink>
        );
      })}
      <button
        type="button"
        className={cx(cell, "text-muted")}
        onClick={() => {
          // Beside the panel's own code, not after it.
          loadPhoneMenu().catch(() => undefined);
          setMore(true);
        }}
      >
        <Icon of="menu" size={20} />
        More
      </button>
      <SidePanel title={person.name} isOpen={more} onClose={() => setMore(false)}>
        <Suspense>
          <PhoneMenu items={nav.slice(ON_PHONES)} onGone={() => setMore(false)} onSignOut={onSignOut} />
        </Suspense>
      </SidePanel>
    </nav>
  );
}
