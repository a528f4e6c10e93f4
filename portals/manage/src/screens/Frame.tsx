"use client";
import type { NavItem } from "@leadmetrics/ui";
import { adminQueries, PortalFrame } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { Activity, Bot, Building2, MailWarning, ShieldCheck, Users } from "lucide-react";
import type { ReactNode } from "react";

export function Frame({ children }: { children: ReactNode }) {
  const dead = useQuery(adminQueries.deadLetters);
  const nav: NavItem[] = [
    { href: "/", label: "Overview", icon: Activity },
    { href: "/tenants", label: "Tenants", icon: Building2 },
    { href: "/runs", label: "Runs", icon: Bot },
    { href: "/dead-letters", label: "Dead letters", icon: MailWarning, count: dead.data?.items.length },
    { href: "/people", label: "People", icon: Users },
    { href: "/security", label: "Security", icon: ShieldCheck, group: "You" },
  ];
  return (
    <PortalFrame product="Leadmetrics Manage" nav={nav}>
      {children}
    </PortalFrame>
  );
}
