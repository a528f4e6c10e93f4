"use client";
import { cloneElement, useRef, useState } from "react";
import { Menu as AriaMenu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import type { MenuProps } from "./Menu.tsx";

/** The menu itself, open from the start: it is loaded by the press that wants it. */
export default function MenuPopover({ trigger, actions, label }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(true);
  const close = () => {
    setOpen(false);
    // What had the focus before the menu opened is gone: it was the button this one stands in for.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) button.current?.focus();
    });
  };
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        onPress: () => setOpen(true),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        },
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
      })}
      <Popover
        triggerRef={button}
        isOpen={isOpen}
        onOpenChange={(open) => (open ? setOpen(true) : close())}
        placement="bottom end"
        className="animate-fade min-w-44 rounded-panel bg-raised p-1 shadow-lift"
      >
        <AriaMenu aria-label={label} autoFocus="first" onClose={close} className="outline-none">
          {actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.label}
              isDisabled={action.isDisabled}
              onAction={action.onAction}
              className={cx(
                "flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 text-sm outline-none data-[disabled]:opacity-40 data-[focused]:bg-hover max-md:min-h-11",
                action.danger && "text-bad",
              )}
            >
              {action.icon ? <Icon of={action.icon} className="opacity-80" /> : null}
              {action.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </>
  );
}
