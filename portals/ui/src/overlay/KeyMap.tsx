"use client";
import { lazy, Suspense } from "react";
import { Dialog } from "./Dialog.tsx";

const KeyList = lazy(() => import("./KeyList.tsx"));

/** One line of the keyboard map: keys pressed one after the other, and what they do. */
export interface KeyLine {
  keys: readonly string[];
  what: string;
}

export interface KeyGroup {
  title: string;
  lines: readonly KeyLine[];
}

/** Every key that does something on this page, by what it belongs to. Opens on `?`. */
export function KeyMap({
  groups,
  isOpen,
  onClose,
}: {
  groups: readonly KeyGroup[];
  isOpen: boolean;
  onClose: () => void;
}) {
  return (
    <Dialog title="Keyboard" isOpen={isOpen} onClose={onClose} size={groups.length > 1 ? "wide" : "normal"}>
      <Suspense>
        <KeyList groups={groups} />
      </Suspense>
    </Dialog>
  );
}
