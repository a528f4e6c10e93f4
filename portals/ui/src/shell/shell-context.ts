"use client";
import type { LucideIcon } from "lucide-react";
import { createContext, use } from "react";

export interface NavItem {
  href: string;
  label: string;
  icon: LucideIcon;
  /** What wants attention there; nothing at zero. */
  count?: number;
  /** Where a group of links starts. */
  group?: string;
  /** Pressed after `g`, goes there. */
  go?: string;
}

/** How the live connection stands. */
export type Liveness = "live" | "connecting" | "offline";

export interface ShellState {
  live: Liveness;
  product: string;
}

export const ShellContext = createContext<ShellState>({ live: "connecting", product: "Leadmetrics" });
export const useShell = (): ShellState => use(ShellContext);
