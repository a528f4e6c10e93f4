"use client";
import type { LucideIcon } from "lucide-react";
import { cloneElement, lazy, type ReactElement, Suspense, useState } from "react";

export interface MenuAction {
  id: string;
  label: string;
  icon?: LucideIcon;
  danger?: boolean;
  isDisabled?: boolean;
  onAction: () => void;
}

const MenuPopover = lazy(() => import("./MenuPopover.tsx"));

/** A few things to do with what it hangs on. `trigger` is a Button or IconButton. */
export function Menu({
  trigger,
  actions,
  label,
}: {
  trigger: ReactElement<{ onPress?: () => void; "aria-haspopup"?: "menu" }>;
  actions: readonly MenuAction[];
  label: string;
}) {
  const [wanted, setWanted] = useState(false);
  const closed = cloneElement(trigger, { onPress: () => setWanted(true), "aria-haspopup": "menu" });
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <MenuPopover trigger={trigger} actions={actions} label={label} />
    </Suspense>
  );
}
