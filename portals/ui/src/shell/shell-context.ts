"use client";
import { createContext, use } from "react";
import type { IconName } from "../lib/icon.tsx";

export interface NavItem {
  href: string;
  label: string;
  icon: IconName;
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
