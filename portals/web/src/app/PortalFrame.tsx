"use client";
import {
  CommandPalette,
  type KeyGroup,
  KeyMap,
  type NavItem,
  type PaletteAction,
  Shell,
  toast,
} from "@leadmetrics/ui";
import { useQueryClient } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { auth } from "../api/auth.ts";
import { asApiError } from "../api/errors.ts";
import { useLive } from "../live/LiveProvider.tsx";
import { useGoKeys } from "../view/go-keys.ts";
import { useShownKeys } from "../view/key-map.ts";
import { useKeys } from "../view/keys.ts";
import { forgetRecent, useRecent } from "../view/recent.ts";
import { PlatformBanner } from "./PlatformBanner.tsx";
import { useMe } from "./useMe.tsx";

export interface PortalFrameProps {
  product: string;
  nav: readonly NavItem[];
  /** Further actions of the palette. */
  actions?: readonly PaletteAction[];
  search?: (text: string, signal: AbortSignal) => Promise<readonly PaletteAction[]>;
  /** Over every page, while something holds for all of them. */
  banner?: ReactNode;
  children: ReactNode;
}

const everywhere: KeyGroup["lines"] = [
  { keys: ["⌘", "K"], what: "Search and actions" },
  { keys: ["?"], what: "This list" },
  { keys: ["Esc"], what: "Close what is open" },
];

/** Shell and palette, wired to the session, the router and the live connection. */
export function PortalFrame({ product, nav, actions = [], search, banner, children }: PortalFrameProps) {
  const router = useRouter();
  const path = usePathname();
  const live = useLive();
  const me = useMe();
  const client = useQueryClient();

  const go = useCallback((href: string) => router.push(href), [router]);
  const known = useMemo(() => new Set(nav.map((item) => item.href)), [nav]);
  const recent = useRecent(me?.user.ref, path, known, go);
  const [keysOpen, setKeysOpen] = useState(false);
  const ofView = useShownKeys();
  useGoKeys(nav, go);
  useKeys({ "?": () => setKeysOpen(true) });
  const groups: KeyGroup[] = [
    ...ofView,
    { title: "Everywhere", lines: everywhere },
    {
      title: "Go to",
      lines: nav.flatMap((item) => (item.go ? [{ keys: ["g", item.go], what: item.label }] : [])),
    },
  ];

  const signOut = useCallback(async () => {
    try {
      await auth.logout();
    } catch (cause) {
      toast(asApiError(cause).message, { tone: "bad" });
      return;
    }
    forgetRecent();
    client.clear();
    location.assign("/login");
  }, [client]);

  const goTo = useMemo<PaletteAction[]>(
    () =>
      nav.map((item) => ({
        id: `go:${item.href}`,
        label: item.label,
        icon: item.icon,
        href: item.href,
        keys: item.go ? ["g", item.go] : undefined,
        run: () => go(item.href),
      })),
    [nav, go],
  );

  return (
    <Shell
      product={product}
      nav={nav}
      path={path}
      live={live}
      person={{ name: me?.user.name || me?.user.email || "You", detail: me?.membership?.tenantName }}
      onSignOut={() => void signOut()}
      banner={
        <>
          <PlatformBanner />
          {banner}
        </>
      }
      onKeys={() => setKeysOpen(true)}
    >
      {children}
      <CommandPalette actions={[...actions, ...goTo]} recent={recent} search={search} />
      <KeyMap
        groups={groups.filter((group) => group.lines.length > 0)}
        isOpen={keysOpen}
        onClose={() => setKeysOpen(false)}
      />
    </Shell>
  );
}
