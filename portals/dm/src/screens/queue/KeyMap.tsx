"use client";
import { Dialog, Key } from "@leadmetrics/ui";

const keys = [
  ["j", "Next draft"],
  ["k", "Previous draft"],
  ["a", "Approve"],
  ["r", "Reject with a note"],
  ["e", "Edit and approve"],
  ["x", "Pick for bulk"],
  ["⌘K", "Search and actions"],
  ["?", "This list"],
] as const;

export function KeyMap({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose}>
      <dl className="grid grid-cols-[3rem_1fr] gap-y-2 text-sm">
        {keys.map(([key, what]) => (
          <div key={key} className="contents">
            <dt>
              <Key>{key}</Key>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
