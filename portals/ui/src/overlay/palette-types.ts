import type { IconName } from "../lib/icon.tsx";

export interface PaletteAction {
  id: string;
  label: string;
  note?: string;
  icon?: IconName;
  /** The keys that do the same without the palette. */
  keys?: readonly string[];
  /** Where it goes, for what is remembered as recent. */
  href?: string;
  run: () => void;
}

export interface PaletteProps {
  isOpen: boolean;
  onClose: () => void;
  actions: readonly PaletteAction[];
  /** Pages of before, newest first: shown before anything is typed. */
  recent?: readonly PaletteAction[];
  /** Asks the search service; rejects when it can't answer. */
  search?: (text: string, signal: AbortSignal) => Promise<readonly PaletteAction[]>;
}
