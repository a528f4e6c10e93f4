"use client";
import { Button, Checkbox, Dialog, Icon, IconButton, Menu, TextField } from "@leadmetrics/ui";
import type { SavedFilter } from "@leadmetrics/web";
import { type FormEvent, useState } from "react";

/** The person's filters of a list: to choose, to keep one more, to open the list with, to forget. */
export function SavedFilters({
  saved,
  inUse,
  narrow,
  onUse,
  onEverything,
  onSave,
  onDefault,
  onForget,
}: {
  saved: readonly SavedFilter[];
  inUse: SavedFilter | undefined;
  /** The filter in use leaves something out. */
  narrow: boolean;
  onUse: (one: SavedFilter) => void;
  onEverything: () => void;
  onSave: (name: string, isDefault: boolean) => void;
  onDefault: (one: SavedFilter, isDefault: boolean) => void;
  onForget: (name: string) => void;
}) {
  const [naming, setNaming] = useState(false);
  return (
    <>
      <Menu
        label="Saved filters"
        trigger={
          <IconButton label="Saved filters">
            <Icon of="bookmark" />
          </IconButton>
        }
        actions={[
          { id: "all", label: "Everything", icon: narrow ? undefined : "check", onAction: onEverything },
          ...saved.map((one) => ({
            id: `use:${one.name}`,
            label: one.isDefault ? `${one.name} · opens with it` : one.name,
            icon: one === inUse ? ("check" as const) : undefined,
            onAction: () => onUse(one),
          })),
          ...(narrow && !inUse
            ? [
                {
                  id: "save",
                  label: "Save this filter…",
                  icon: "bookmark" as const,
                  onAction: () => setNaming(true),
                },
              ]
            : []),
          ...(inUse
            ? [
                {
                  id: "default",
                  label: inUse.isDefault ? "Open with everything" : `Open with “${inUse.name}”`,
                  icon: "house" as const,
                  onAction: () => onDefault(inUse, !inUse.isDefault),
                },
                {
                  id: "forget",
                  label: `Forget “${inUse.name}”`,
                  icon: "trash" as const,
                  onAction: () => onForget(inUse.name),
                },
              ]
            : []),
        ]}
      />
      <NameDialog
        isOpen={naming}
        onClose={() => setNaming(false)}
        onName={(name, isDefault) => {
          onSave(name, isDefault);
          setNaming(false);
        }}
      />
    </>
  );
}

function NameDialog({
  isOpen,
  onClose,
  onName,
}: {
  isOpen: boolean;
  onClose: () => void;
  onName: (name: string, isDefault: boolean) => void;
}) {
  const [name, setName] = useState("");
  const [isDefault, setDefault] = useState(false);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    onName(name.trim(), isDefault);
    setName("");
    setDefault(false);
  };
  return (
    <Dialog title="Save this filter" isOpen={isOpen} onClose={onClose}>
      <form onSubmit={save} className="flex flex-col gap-4">
        <TextField
          label="Name"
          help="Kept for you alone, wherever you sign in."
          value={name}
          onChange={setName}
          maxLength={40}
          autoFocus
        />
        <Checkbox isSelected={isDefault} onChange={setDefault}>
          Open the list with it
        </Checkbox>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" isDisabled={!name.trim()}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
