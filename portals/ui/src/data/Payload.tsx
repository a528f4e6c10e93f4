"use client";
import { useState } from "react";
import { IconButton } from "../forms/Button.tsx";
import { Icon } from "../lib/icon.tsx";

/** How long "copied" stands, in milliseconds. */
const COPIED_MS = 2000;

function useCopy(text: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), COPIED_MS);
    });
  };
  return { copied, copy };
}

/** An id one will want to paste somewhere. */
export function CopyCode({ value, shown = value }: { value: string; shown?: string }) {
  const { copied, copy } = useCopy(value);
  if (!value) return null;
  return (
    <button
      type="button"
      onClick={copy}
      title={value}
      className="inline-flex max-w-full items-center gap-1 rounded-[3px] font-mono text-xs text-muted hover:text-text"
    >
      <span className="truncate">{copied ? "copied" : shown}</span>
      <Icon of={copied ? "check" : "copy"} size={12} label={`Copy ${value}`} />
    </button>
  );
}

/** Something machines wrote, laid out for reading. What isn't JSON is shown as it is. */
export function Payload({ json, label = "Payload" }: { json: string; label?: string }) {
  const text = pretty(json);
  const { copied, copy } = useCopy(text);
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-1">
      <div className="flex items-center justify-between">
        <h3 className="text-sm text-muted">{label}</h3>
        <IconButton
          label={copied ? "Copied" : `Copy ${label.toLowerCase()}`}
          onPress={copy}
          className="!size-7"
        >
          <Icon of={copied ? "check" : "copy"} size={14} />
        </IconButton>
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-control bg-hover p-3 font-mono text-xs leading-5"
      >
        {text}
      </pre>
    </section>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}
