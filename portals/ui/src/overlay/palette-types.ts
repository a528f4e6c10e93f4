import type { LucideIcon } from "lucide-react";

export interface PaletteAction {
  id: string;
  label: string;
  note?: string;
  icon?: LucideIcon;
  run: () => void;
}

export interface PaletteProps {
  isOpen: boolean;
  onClose: () => void;
  actions: readonly PaletteAction[];
  /** Asks the search service; rejects when it can't answer. */
  search?: (text: string, signal: AbortSignal) => Promise<readonly PaletteAction[]>;
}
