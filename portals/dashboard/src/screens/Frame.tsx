"use client";
import type { NavItem } from "@leadmetrics/ui";
import { PortalFrame, type SearchHit, searchPalette, tenantQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import {
  Bell,
  BookOpen,
  CalendarDays,
  CalendarRange,
  CheckCheck,
  CirclePlus,
  Coins,
  FileText,
  House,
  Palette,
  Plug,
  ScrollText,
  Settings,
  ShieldCheck,
  Sparkles,
  Target,
  Users,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";

/** Where a found thing is shown. */
function hrefOf(hit: SearchHit): string | undefined {
  switch (hit.collection) {
    case "activities":
    case "blog_posts":
    case "social_posts":
      return `/content/${hit.ref}`;
    case "strategies":
      return `/strategy/${hit.ref}`;
    case "goals":
      return "/strategy";
    case "channels":
      return "/channels";
    case "knowledge_files":
      return "/knowledge";
    default:
      return undefined;
  }
}

export function Frame({ children }: { children: ReactNode }) {
  const router = useRouter();
  const approvals = useQuery(tenantQueries.approvals);
  const notifications = useQuery(tenantQueries.notifications());
  const nav: NavItem[] = [
    { href: "/", label: "Home", icon: House },
    { href: "/approvals", label: "Approvals", icon: CheckCheck, count: approvals.data?.total },
    { href: "/calendar", label: "Calendar", icon: CalendarDays },
    { href: "/content", label: "Content", icon: FileText },
    { href: "/notifications", label: "Notifications", icon: Bell, count: notifications.data?.unread },
    { href: "/plans", label: "Plans", icon: CalendarRange, group: "Direction" },
    { href: "/strategy", label: "Strategy", icon: Target },
    { href: "/context", label: "Client context", icon: Palette, group: "What agents know" },
    { href: "/knowledge", label: "Knowledge", icon: BookOpen },
    { href: "/channels", label: "Channels", icon: Plug },
    { href: "/team", label: "Team", icon: Users, group: "Company" },
    { href: "/billing", label: "Credits", icon: Coins },
    { href: "/audit", label: "Audit trail", icon: ScrollText },
    { href: "/settings", label: "Settings", icon: Settings },
    { href: "/security", label: "Security", icon: ShieldCheck, group: "You" },
  ];
  const search = useMemo(() => searchPalette("tenant", hrefOf, (href) => router.push(href)), [router]);
  const actions = useMemo(
    () => [
      { id: "new-plan", label: "Create a plan", icon: CirclePlus, run: () => router.push("/plans/new") },
      {
        id: "new-strategy",
        label: "Create a strategy",
        icon: CirclePlus,
        run: () => router.push("/strategy/new"),
      },
      {
        id: "onboarding",
        label: "Set up the company",
        icon: Sparkles,
        run: () => router.push("/onboarding"),
      },
      { id: "upload", label: "Upload knowledge", icon: CirclePlus, run: () => router.push("/knowledge") },
    ],
    [router],
  );
  return (
    <PortalFrame product="Leadmetrics" nav={nav} actions={actions} search={search}>
      {children}
    </PortalFrame>
  );
}
