"use client";
import type { NavItem } from "@leadmetrics/ui";
import { frameQueries, PortalFrame, type SearchHit, searchPalette } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";

function hrefOf(hit: SearchHit): string | undefined {
  const content = ["activities", "blog_posts", "social_posts"].includes(hit.collection);
  return content ? `/activities/${hit.tenantRef}/${hit.ref}` : `/tenants/${hit.tenantRef}`;
}

export function Frame({ children }: { children: ReactNode }) {
  const router = useRouter();
  const queue = useQuery(frameQueries.waiting());
  const runs = useQuery(frameQueries.runs({ status: "working" }));
  const notifications = useQuery(frameQueries.notifications("dm"));
  const nav: NavItem[] = [
    { href: "/queue", label: "Review", icon: "scan-eye", go: "r", count: queue.data?.total },
    { href: "/activities", label: "Activities", icon: "list-checks", go: "a" },
    { href: "/runs", label: "Live runs", icon: "bot", go: "l", count: runs.data?.items.length },
    {
      href: "/notifications",
      label: "Notifications",
      icon: "bell",
      go: "n",
      count: notifications.data?.unread,
    },
    { href: "/tenants", label: "Tenants", icon: "building-complex", go: "t" },
    { href: "/skills", label: "Skills", icon: "graduation-cap", go: "k", group: "Craft" },
    { href: "/templates", label: "Templates", icon: "route", go: "p" },
    { href: "/stats", label: "My stats", icon: "chart-column", go: "m", group: "You" },
    { href: "/security", label: "Security", icon: "shield-check", go: "s" },
  ];
  const search = useMemo(() => searchPalette("dm", hrefOf, (href) => router.push(href)), [router]);
  return (
    <PortalFrame product="Leadmetrics DM" nav={nav} search={search}>
      {children}
    </PortalFrame>
  );
}
