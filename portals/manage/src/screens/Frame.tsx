"use client";
import type { NavItem, PaletteAction } from "@leadmetrics/ui";
import { adminQueries, PortalFrame, platformQueries } from "@leadmetrics/web";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Activity,
  Bot,
  Building2,
  CirclePause,
  CirclePlus,
  Coins,
  Mail,
  MailWarning,
  Play,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  Users,
  Waypoints,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useMemo } from "react";

/** Names that begin with the words are what somebody looks for; so many of a kind are enough. */
const FOUND = 6;

export function Frame({ children }: { children: ReactNode }) {
  const router = useRouter();
  const client = useQueryClient();
  const dead = useQuery(adminQueries.deadLetters);
  const pauses = useQuery(platformQueries.pauses);
  const nav: NavItem[] = [
    { href: "/", label: "Overview", icon: Activity, go: "o" },
    { href: "/tenants", label: "Tenants", icon: Building2, go: "t" },
    { href: "/runs", label: "Runs", icon: Play, go: "r" },
    { href: "/costs", label: "Costs", icon: Coins, go: "c" },
    { href: "/agents", label: "Agents", icon: Bot, go: "a", group: "Agents" },
    { href: "/pauses", label: "Pauses", icon: CirclePause, go: "p", count: pauses.data?.items.length },
    { href: "/queues", label: "Queues", icon: Waypoints, go: "q", group: "Platform" },
    {
      href: "/dead-letters",
      label: "Dead letters",
      icon: MailWarning,
      go: "d",
      count: dead.data?.items.length,
    },
    { href: "/audit", label: "Audit trail", icon: ScrollText, go: "l" },
    { href: "/mails", label: "Mails", icon: Mail, go: "m" },
    { href: "/settings", label: "Settings", icon: SlidersHorizontal, go: "e" },
    { href: "/people", label: "People", icon: Users, go: "u", group: "People" },
    { href: "/security", label: "Security", icon: ShieldCheck, go: "s", group: "You" },
  ];
  const go = useCallback((href: string) => router.push(href), [router]);
  const actions = useMemo<PaletteAction[]>(
    () => [
      { id: "new-tenant", label: "Create a tenant", icon: CirclePlus, run: () => go("/tenants?new=1") },
      { id: "pause", label: "Pause agents", icon: CirclePause, run: () => go("/pauses") },
      { id: "costs", label: "See what models cost", icon: Coins, run: () => go("/costs") },
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
            icon: Building2,
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
            icon: Users,
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
