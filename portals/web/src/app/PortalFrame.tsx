"use client";
import { CommandPalette, type NavItem, type PaletteAction, Shell, toast } from "@leadmetrics/ui";
import { useQueryClient } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useCallback, useMemo } from "react";
import { auth } from "../api/auth.ts";
import { asApiError } from "../api/errors.ts";
import { useLive } from "../live/LiveProvider.tsx";
import { useMe } from "./useMe.tsx";

export interface PortalFrameProps {
  product: string;
  nav: readonly NavItem[];
  /** Further actions of the palette. */
  actions?: readonly PaletteAction[];
  search?: (text: string, signal: AbortSignal) => Promise<readonly PaletteAction[]>;
  children: ReactNode;
}

/** Shell and palette, wired to the session, the router and the live connection. */
export function PortalFrame({ product, nav, actions = [], search, children }: PortalFrameProps) {
  const router = useRouter();
  const path = usePathname();
  const live = useLive();
  const me = useMe();
  const client = useQueryClient();

  const signOut = useCallback(async () => {
    try {
      await auth.logout();
    } catch (cause) {
      toast(asApiError(cause).message, { tone: "bad" });
      return;
    }
    client.clear();
    location.assign("/login");
  }, [client]);

  const goTo = useMemo<PaletteAction[]>(
    () =>
      nav.map((item) => ({
        id: `go:${item.href}`,
        label: item.label,
        icon: item.icon,
        run: () => router.push(item.href),
      })),
    [nav, router],
  );

  return (
    <Shell
      product={product}
      nav={nav}
      path={path}
      live={live}
      person={{ name: me?.user.name || me?.user.email || "You", detail: me?.membership?.tenantName }}
      onSignOut={() => void signOut()}
    >
      {children}
      <CommandPalette actions={[...actions, ...goTo]} search={search} />
    </Shell>
  );
}
