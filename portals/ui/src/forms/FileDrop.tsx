"use client";
import { lazy, Suspense } from "react";
import { Progress } from "../feedback/Progress.tsx";
import { Icon } from "../lib/icon.tsx";
import { IconButton } from "./Button.tsx";

/** One file on its way: being sent, being read by the platform, ready, or refused with the reason. */
export interface FileOnItsWay {
  key: string;
  name: string;
  /** Bytes. */
  size: number;
  state: "waiting" | "sending" | "reading" | "ready" | "refused";
  /** 0 to 1 while it is sent or read. */
  progress?: number;
  /** What it is doing, or why it was refused. */
  note?: string;
}

export interface FileDropProps {
  accept: readonly string[];
  hint: string;
  files: readonly FileOnItsWay[];
  onFiles: (files: File[]) => void;
  onDismiss: (key: string) => void;
}

export const zoneClass =
  "flex flex-col items-center gap-2 rounded-panel border border-dashed border-line-strong px-4 py-8 text-center transition-colors data-[drop-target]:border-accent data-[drop-target]:bg-selected";

const FileZone = lazy(() => import("./FileZone.tsx"));

/** Drop files here or choose them; each shows its own progress, and one refusal never stops the others. */
export function FileDrop({ accept, hint, files, onFiles, onDismiss }: FileDropProps) {
  return (
    <div className="flex flex-col gap-3">
      <Suspense fallback={<FileZoneComing hint={hint} />}>
        <FileZone accept={accept} hint={hint} onFiles={onFiles} />
      </Suspense>
      {files.length > 0 ? (
        <ul className="divide-y divide-line border-y border-line" aria-label="Files on their way">
          {files.map((file) => (
            <FileRow key={file.key} file={file} onDismiss={() => onDismiss(file.key)} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** The zone while it is fetched: as large as it will be. */
function FileZoneComing({ hint }: { hint: string }) {
  return (
    <div aria-busy className={zoneClass}>
      <Icon of="upload" size={20} className="text-muted" />
      <p className="flex min-h-7 items-center text-sm text-muted">Drop files here</p>
      <p className="text-xs text-muted">{hint}</p>
    </div>
  );
}

function FileRow({ file, onDismiss }: { file: FileOnItsWay; onDismiss: () => void }) {
  const busy = file.state === "sending" || file.state === "reading" || file.state === "waiting";
  return (
    <li className="flex min-h-9 items-center gap-3 py-2 text-sm">
      {file.state === "refused" ? (
        <Icon of="circle-exclamation-point" className="text-bad" />
      ) : file.state === "ready" ? (
        <Icon of="circle-check" className="text-ok" />
      ) : (
        <Icon of="file-text" className="text-muted" />
      )}
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span className="truncate">{file.name}</span>
          <span className="tabular shrink-0 text-xs text-muted">{bytes(file.size)}</span>
        </div>
        {file.note ? (
          <p className={file.state === "refused" ? "text-xs text-bad" : "text-xs text-muted"}>{file.note}</p>
        ) : null}
        {busy ? <Progress className="mt-1" label={`Progress of ${file.name}`} value={file.progress} /> : null}
      </div>
      {busy ? null : (
        <IconButton label={`Hide ${file.name}`} onPress={onDismiss}>
          <Icon of="x" size={14} />
        </IconButton>
      )}
    </li>
  );
}

/** A size a person can read: 812 B, 14 KB, 3.2 MB. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  if (size < 1_000_000) return `${Math.round(size / 1000)} KB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}
