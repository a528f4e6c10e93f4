"use client";
import { Icon } from "../lib/icon.tsx";
import { AppLink } from "../lib/link.tsx";
import { Count } from "./Count.tsx";
import type { NavItem } from "./shell-context.ts";
import { flipTheme } from "./theme.ts";

/** What the bar of phones has no room for. */
export default function PhoneMenu({
  items,
  onGone,
  onSignOut,
}: {
  items: readonly NavItem[];
  /** One has gone somewhere. */
  onGone: () => void;
  onSignOut: () => void;
}) {
  return (
    <ul className="flex flex-col">
      {items.map((item) => (
        <li key={item.href}>
          <AppLink href={item.href} onClick={onGone} className="flex h-11 items-center gap-3">
            <Icon of={item.icon} className="text-muted" />
            <span className="flex-1">{item.label}</span>
            <Count value={item.count} dot={false} />
          </AppLink>
        </li>
      ))}
      <li className="mt-2 border-t border-line pt-2">
        <button type="button" onClick={flipTheme} className="flex h-11 w-full items-center gap-3">
          <Icon of="sun-moon" className="text-muted" /> Light or dark
        </button>
        <button type="button" onClick={onSignOut} className="flex h-11 w-full items-center gap-3">
          <Icon of="log-out" className="text-muted" /> Sign out
        </button>
      </li>
    </ul>
  );
}
