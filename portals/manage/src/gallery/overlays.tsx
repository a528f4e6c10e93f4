"use client";
import {
  Button,
  Dialog,
  Icon,
  IconButton,
  KeyMap,
  Menu,
  ReasonDialog,
  SidePanel,
  toast,
  undoable,
} from "@leadmetrics/ui";
import { useState } from "react";
import { Shelf } from "./Shelf.tsx";

type Open = "dialog" | "panel" | "reason" | "keys";
const nothing = () => undefined;

export function OverlayShelves() {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <>
      <Shelf name="Dialog" does="A question that must be answered before going on.">
        <span className="flex flex-wrap gap-3">
          <Button onPress={() => setOpen("dialog")}>Dialog</Button>
          <Button onPress={() => setOpen("reason")}>With a reason</Button>
          <Button onPress={() => setOpen("panel")}>Side panel</Button>
          <Button onPress={() => setOpen("keys")}>Keyboard</Button>
        </span>
        <Dialog
          title="Approve the plan?"
          isOpen={open === "dialog"}
          onClose={close}
          footer={
            <>
              <Button kind="quiet" onPress={close}>
                Cancel
              </Button>
              <Button kind="primary" onPress={close}>
                Approve and start
              </Button>
            </>
          }
        >
          <p className="text-sm text-muted">Agents start at once. 34 credits are reserved.</p>
        </Dialog>
        <ReasonDialog
          title="Suspend Crumb & Co Bakery?"
          confirm="Suspend"
          danger
          isOpen={open === "reason"}
          onClose={close}
          onConfirm={close}
        >
          Its data stays. Nobody signs in and nothing runs until it is active again.
        </ReasonDialog>
        <SidePanel title="Why sourdough takes three days" isOpen={open === "panel"} onClose={close}>
          <p className="text-sm">The list it came from stays in sight.</p>
        </SidePanel>
        <KeyMap
          isOpen={open === "keys"}
          onClose={close}
          groups={[
            {
              title: "Review",
              lines: [
                { keys: ["j"], what: "Next draft" },
                { keys: ["a"], what: "Approve" },
              ],
            },
            { title: "Go to", lines: [{ keys: ["g", "t"], what: "Tenants" }] },
          ]}
        />
      </Shelf>
      <Shelf name="Menu" does="A few things to do with what it hangs on.">
        <span>
          <Menu
            label="Of this item"
            trigger={
              <IconButton label="More">
                <Icon of="ellipsis" />
              </IconButton>
            }
            actions={[
              { id: "rename", label: "Rename", icon: "pencil", onAction: nothing },
              { id: "off", label: "Not now", isDisabled: true, onAction: nothing },
              { id: "remove", label: "Remove", icon: "trash", danger: true, onAction: nothing },
            ]}
          />
        </span>
      </Shelf>
      <Shelf name="Toasts" does="What passes. Decisions can be taken back for ten seconds.">
        <span className="flex flex-wrap gap-3">
          <Button onPress={() => toast("Stored.", { tone: "ok" })}>Done</Button>
          <Button onPress={() => toast("Somebody was faster.", { tone: "bad" })}>Refused</Button>
          <Button onPress={() => undoable({ message: "Approved.", commit: nothing, onUndo: nothing })}>
            With undo
          </Button>
        </span>
      </Shelf>
    </>
  );
}
