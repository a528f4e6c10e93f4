"use client";
import { useState } from "react";
import { Button } from "../forms/Button.tsx";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";

/** What went wrong and what to do, next to where it happened; the request id can be copied for support. */
export function ErrorNote({
  message,
  requestId,
  retry = "Try again",
  onRetry,
  className,
}: {
  message: string;
  requestId?: string;
  /** What the button says. */
  retry?: string;
  onRetry?: () => void;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(requestId ?? "");
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }
  return (
    <div
      role="alert"
      className={cx(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-control border border-bad/40 bg-bad/6 px-3 py-2 text-sm",
        className,
      )}
    >
      <Icon of="circle-exclamation-point" className="mt-0.5 text-bad" />
      <div className="min-w-0 flex-1">
        <p>{message}</p>
        {requestId ? (
          <button
            type="button"
            onClick={() => void copy()}
            className="mt-0.5 inline-flex items-center gap-1 font-mono text-xs text-muted hover:text-text"
          >
            {copied ? "copied" : requestId}
            <Icon of="copy" size={12} label="Copy the request id" />
          </button>
        ) : null}
      </div>
      {onRetry ? (
        <Button size="small" onPress={onRetry}>
          {retry}
        </Button>
      ) : null}
    </div>
  );
}
