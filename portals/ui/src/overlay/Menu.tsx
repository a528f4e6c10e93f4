"use client";
import { cloneElement, lazy, type ReactElement, Suspense, useState } from "react";
import type { PressProps } from "../forms/Button.tsx";
import type { IconName } from "../lib/icon.tsx";

export interface MenuAction {
  id: string;
  label: string;
  icon?: IconName;
  danger?: boolean;
  isDisabled?: boolean;
  onAction: () => void;
}

const MenuPopover = lazy(() => import("./MenuPopover.tsx"));

export interface MenuProps {
  /** A Button or IconButton. */
  trigger: ReactElement<
    Pick<PressProps, "ref" | "onPress" | "onKeyDown" | "aria-haspopup" | "aria-expanded">
  >;
  actions: readonly MenuAction[];
  label: string;
}

/** A few things to do with what it hangs on. */
export function Menu({ trigger, actions, label }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const open = () => setWanted(true);
  const closed = cloneElement(trigger, {
    onPress: open,
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      event.stopPropagation();
      open();
    },
    "aria-haspopup": "menu",
    "aria-expanded": false,
  });
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <MenuPopover trigger={trigger} actions={actions} label={label} />
    </Suspense>
  );
}
