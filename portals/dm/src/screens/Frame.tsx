"use client";
import type { NavItem } from "@leadmetrics/ui";
import { dmQueries, PortalFrame, type SearchHit, searchPalette, tenantQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { Bell, Bot, Building2, ListChecks, ScanEye, ShieldCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";

function hrefOf(hit: SearchHit): string | undefined {
  const content = ["activities", "blog_posts", "social_posts"].includes(hit.collection);
  return content ? `/activities/${hit.tenantRef}/${hit.ref}` : `/tenants/${hit.tenantRef}`;
}

export function Frame({ children }: { children: ReactNode }) {
  const router = useRouter();
  const queue = useQuery(dmQueries.queue);
  const runs = useQuery(dmQueries.runs({ status: "working" }));
  const notifications = useQuery(tenantQueries.notifications("dm"));
  const nav: NavItem[] = [
    { href: "/queue", label: "Review", icon: ScanEye, count: queue.data?.total },
    { href: "/activities", label: "Activities", icon: ListChecks },
    { href: "/runs", label: "Live runs", icon: Bot, count: runs.data?.items.length },
    { href: "/notifications", label: "Notifications", icon: Bell, count: notifications.data?.unread },
    { href: "/tenants", label: "Tenants", icon: Building2 },
    { href: "/security", label: "Security", icon: ShieldCheck, group: "You" },
  ];
  const search = useMemo(() => searchPalette("dm", hrefOf, (href) => router.push(href)), [router]);
  return (
    <PortalFrame product="Leadmetrics DM" nav={nav} search={search}>
      {children}
    </PortalFrame>
  );
}
