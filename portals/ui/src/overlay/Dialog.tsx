"use client";
import { lazy, type ReactNode, Suspense, useEffectEvent, useLayoutEffect, useState } from "react";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
  size?: "normal" | "wide";
}

// What opens over a page is loaded when it first opens: most page views never need it.
const LazyDialog = lazy(async () => ({ default: (await import("./Modals.tsx")).ModalDialog }));
const LazyPanel = lazy(async () => ({ default: (await import("./Modals.tsx")).ModalPanel }));

/** True from the first time something is open. */
function useOnceOpen(isOpen: boolean): boolean {
  const [once, setOnce] = useState(isOpen);
  if (isOpen && !once) setOnce(true);
  return once || isOpen;
}

/**
 * Stands for what is on its way: letters that are typed meanwhile are no keys of the view behind it, and Escape already
 * closes it.
 */
function Opening({ title, isOpen, onClose }: Pick<DialogProps, "title" | "isOpen" | "onClose">) {
  const close = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
  });
  useLayoutEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => close(event);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isOpen]);
  return isOpen ? <div role="dialog" aria-modal aria-busy aria-label={title} className="sr-only" /> : null;
}

/** A question that must be answered before going on; Escape and a click outside close it. */
export function Dialog(props: DialogProps) {
  if (!useOnceOpen(props.isOpen)) return null;
  return (
    <Suspense fallback={<Opening {...props} />}>
      <LazyDialog {...props} />
    </Suspense>
  );
}

/** A panel at the right that keeps the list it came from in sight; full width on phones. */
export function SidePanel(props: Omit<DialogProps, "size">) {
  if (!useOnceOpen(props.isOpen)) return null;
  return (
    <Suspense fallback={<Opening {...props} />}>
      <LazyPanel {...props} />
    </Suspense>
  );
}
