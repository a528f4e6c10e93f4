"use client";
import type { NavItem } from "@leadmetrics/ui";
import {
  dmQueries,
  PortalFrame,
  reviewQueries,
  type SearchHit,
  searchPalette,
  tenantQueries,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import {
  Bell,
  Bot,
  Building2,
  ChartColumn,
  GraduationCap,
  ListChecks,
  Route,
  ScanEye,
  ShieldCheck,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";

function hrefOf(hit: SearchHit): string | undefined {
  const content = ["activities", "blog_posts", "social_posts"].includes(hit.collection);
  return content ? `/activities/${hit.tenantRef}/${hit.ref}` : `/tenants/${hit.tenantRef}`;
}

export function Frame({ children }: { children: ReactNode }) {
  const router = useRouter();
  const queue = useQuery(reviewQueries.waiting());
  const runs = useQuery(dmQueries.runs({ status: "working" }));
  const notifications = useQuery(tenantQueries.notifications("dm"));
  const nav: NavItem[] = [
    { href: "/queue", label: "Review", icon: ScanEye, go: "r", count: queue.data?.total },
    { href: "/activities", label: "Activities", icon: ListChecks, go: "a" },
    { href: "/runs", label: "Live runs", icon: Bot, go: "l", count: runs.data?.items.length },
    {
      href: "/notifications",
      label: "Notifications",
      icon: Bell,
      go: "n",
      count: notifications.data?.unread,
    },
    { href: "/tenants", label: "Tenants", icon: Building2, go: "t" },
    { href: "/skills", label: "Skills", icon: GraduationCap, go: "k", group: "Craft" },
    { href: "/templates", label: "Templates", icon: Route, go: "p" },
    { href: "/stats", label: "My stats", icon: ChartColumn, go: "m", group: "You" },
    { href: "/security", label: "Security", icon: ShieldCheck, go: "s" },
  ];
  const search = useMemo(() => searchPalette("dm", hrefOf, (href) => router.push(href)), [router]);
  return (
    <PortalFrame product="Leadmetrics DM" nav={nav} search={search}>
      {children}
    </PortalFrame>
  );
}
