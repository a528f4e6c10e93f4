"use client";
import { Button as AriaButton } from "react-aria-components/Button";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import type { FileDropItem } from "react-aria-components/useDragAndDrop";
import { Icon } from "../lib/icon.tsx";
import { buttonClass } from "./Button.tsx";
import { type FileDropProps, zoneClass } from "./FileDrop.tsx";

/** Where files are dropped, pasted or chosen, by mouse and by keyboard. */
export default function FileZone({
  accept,
  hint,
  onFiles,
}: Pick<FileDropProps, "accept" | "hint" | "onFiles">) {
  async function dropped(items: readonly { kind: string }[]) {
    const wanted = items.filter((item): item is FileDropItem => item.kind === "file");
    onFiles(await Promise.all(wanted.map((item) => item.getFile())));
  }
  return (
    <DropZone onDrop={(event) => void dropped(event.items)} className={zoneClass}>
      <Icon of="upload" size={20} className="text-muted" />
      <p className="text-sm">
        Drop files here, or{" "}
        <FileTrigger
          allowsMultiple
          acceptedFileTypes={[...accept]}
          onSelect={(list) => onFiles(Array.from(list ?? []))}
        >
          <AriaButton className={buttonClass("plain", "small", "mx-1")}>choose files</AriaButton>
        </FileTrigger>
      </p>
      <p className="text-xs text-muted">{hint}</p>
    </DropZone>
  );
}
