"use client";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { IconButton } from "../forms/Button.tsx";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import type { DialogProps } from "./Dialog.tsx";

/** A question that must be answered before going on; Escape and a click outside close it. */
export function ModalDialog({ title, isOpen, onClose, children, footer, size = "normal" }: DialogProps) {
  return (
    <ModalOverlay
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      className="animate-fade fixed inset-0 z-40 flex items-start justify-center overflow-auto bg-scrim p-4 pt-[12vh] max-md:items-end max-md:p-0"
    >
      <Modal
        className={cx(
          "animate-rise w-full rounded-panel bg-raised shadow-lift max-md:rounded-b-none",
          size === "wide" ? "max-w-3xl" : "max-w-md",
        )}
      >
        <AriaDialog className="flex max-h-[80dvh] flex-col outline-none">
          <header className="flex items-center justify-between gap-4 py-3 pr-3 pl-5">
            <Heading slot="title" className="text-md font-semibold">
              {title}
            </Heading>
            <IconButton label="Close" onPress={onClose} className="shrink-0 self-start">
              <Icon of="x" />
            </IconButton>
          </header>
          <div className="flex flex-col gap-4 overflow-auto px-5 pb-5">{children}</div>
          {footer ? (
            <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
          ) : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A panel at the right that keeps the list it came from in sight; full width on phones. */
export function ModalPanel({ title, isOpen, onClose, children, footer }: Omit<DialogProps, "size">) {
  return (
    <ModalOverlay
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      className="animate-fade fixed inset-0 z-40 flex justify-end bg-scrim"
    >
      <Modal className="animate-slide h-full w-full max-w-xl border-l border-line bg-surface shadow-lift">
        <AriaDialog className="flex h-full flex-col outline-none">
          <header className="flex min-h-12 items-center py-2 justify-between gap-4 border-b border-line pr-3 pl-5">
            <Heading slot="title" className="truncate text-md font-semibold">
              {title}
            </Heading>
            <IconButton label="Close" onPress={onClose} className="shrink-0 self-start">
              <Icon of="x" />
            </IconButton>
          </header>
          <div className="flex flex-1 flex-col gap-4 overflow-auto p-5">{children}</div>
          {footer ? (
            <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
          ) : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
