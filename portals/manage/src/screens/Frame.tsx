"use client";
import type { NavItem, PaletteAction } from "@leadmetrics/ui";
import { adminQueries, frameQueries, PortalFrame } from "@leadmetrics/web";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useMemo } from "react";

/** Names that begin with the words are what somebody looks for; so many of a kind are enough. */
const FOUND = 6;

export function Frame({ children }: { children: ReactNode }) {
  const router = useRouter();
  const client = useQueryClient();
  const dead = useQuery(frameQueries.deadLetters);
  const pauses = useQuery(frameQueries.pauses);
  const nav: NavItem[] = [
    { href: "/", label: "Overview", icon: "activity", go: "o" },
    { href: "/tenants", label: "Tenants", icon: "building-complex", go: "t" },
    { href: "/runs", label: "Runs", icon: "play", go: "r" },
    { href: "/costs", label: "Costs", icon: "coins", go: "c" },
    { href: "/agents", label: "Agents", icon: "bot", go: "a", group: "Agents" },
    { href: "/pauses", label: "Pauses", icon: "circle-pause", go: "p", count: pauses.data?.items.length },
    { href: "/queues", label: "Queues", icon: "waypoints", go: "q", group: "Platform" },
    {
      href: "/dead-letters",
      label: "Dead letters",
      icon: "mail-exclamation-point",
      go: "d",
      count: dead.data?.items.length,
    },
    { href: "/audit", label: "Audit trail", icon: "scroll-text", go: "l" },
    { href: "/mails", label: "Mails", icon: "mail", go: "m" },
    { href: "/settings", label: "Settings", icon: "sliders-horizontal", go: "e" },
    { href: "/people", label: "People", icon: "users", go: "u", group: "People" },
    { href: "/security", label: "Security", icon: "shield-check", go: "s", group: "You" },
  ];
  const go = useCallback((href: string) => router.push(href), [router]);
  const actions = useMemo<PaletteAction[]>(
    () => [
      { id: "new-tenant", label: "Create a tenant", icon: "circle-plus", run: () => go("/tenants?new=1") },
      { id: "pause", label: "Pause agents", icon: "circle-pause", run: () => go("/pauses") },
      { id: "costs", label: "See what models cost", icon: "coins", run: () => go("/costs") },
    ],
    [go],
  );
  const search = useCallback(
    async (text: string): Promise<readonly PaletteAction[]> => {
      const wanted = text.toLowerCase();
      const [tenants, users] = await Promise.all([
        client.ensureQueryData(adminQueries.tenants),
        client.ensureQueryData(adminQueries.users()),
      ]);
      return [
        ...tenants.items
          .filter((one) => one.name.toLowerCase().includes(wanted) || one.ref.toLowerCase() === wanted)
          .slice(0, FOUND)
          .map((one) => ({
            id: `tenant:${one.ref}`,
            label: one.name,
            note: "Tenant",
            icon: "building-complex" as const,
            href: `/tenants/${one.ref}`,
            run: () => go(`/tenants/${one.ref}`),
          })),
        ...users.items
          .filter((one) => `${one.name} ${one.email}`.toLowerCase().includes(wanted))
          .slice(0, FOUND)
          .map((one) => ({
            id: `user:${one.ref}`,
            label: one.name || one.email,
            note: one.email,
            icon: "users" as const,
            href: `/people/${one.ref}`,
            run: () => go(`/people/${one.ref}`),
          })),
      ];
    },
    [client, go],
  );
  return (
    <PortalFrame product="Leadmetrics Manage" nav={nav} actions={actions} search={search}>
      {children}
    </PortalFrame>
  );
}
