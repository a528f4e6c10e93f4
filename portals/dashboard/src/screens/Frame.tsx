"use client";
import type { NavItem, PaletteAction } from "@leadmetrics/ui";
import { frameQueries, PortalFrame, type SearchHit, searchPalette } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
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
  const approvals = useQuery(frameQueries.approvals);
  const notifications = useQuery(frameQueries.notifications());
  const nav: NavItem[] = [
    { href: "/", label: "Home", icon: "house" },
    { href: "/approvals", label: "Approvals", icon: "check-check", count: approvals.data?.total },
    { href: "/calendar", label: "Calendar", icon: "calendar-days" },
    { href: "/content", label: "Content", icon: "file-text" },
    { href: "/notifications", label: "Notifications", icon: "bell", count: notifications.data?.unread },
    { href: "/plans", label: "Plans", icon: "calendar-range", group: "Direction" },
    { href: "/strategy", label: "Strategy", icon: "target" },
    { href: "/context", label: "Client context", icon: "palette", group: "What agents know" },
    { href: "/knowledge", label: "Knowledge", icon: "book-open" },
    { href: "/channels", label: "Channels", icon: "plug" },
    { href: "/team", label: "Team", icon: "users", group: "Company" },
    { href: "/billing", label: "Credits", icon: "coins" },
    { href: "/audit", label: "Audit trail", icon: "scroll-text" },
    { href: "/settings", label: "Settings", icon: "settings" },
    { href: "/security", label: "Security", icon: "shield-check", group: "You" },
  ];
  const search = useMemo(() => searchPalette("tenant", hrefOf, (href) => router.push(href)), [router]);
  const actions = useMemo<PaletteAction[]>(
    () => [
      { id: "new-plan", label: "Create a plan", icon: "circle-plus", run: () => router.push("/plans/new") },
      {
        id: "new-strategy",
        label: "Create a strategy",
        icon: "circle-plus",
        run: () => router.push("/strategy/new"),
      },
      {
        id: "onboarding",
        label: "Set up the company",
        icon: "sparkles",
        run: () => router.push("/onboarding"),
      },
      { id: "upload", label: "Upload knowledge", icon: "circle-plus", run: () => router.push("/knowledge") },
    ],
    [router],
  );
  return (
    <PortalFrame product="Leadmetrics" nav={nav} actions={actions} search={search}>
      {children}
    </PortalFrame>
  );
}
