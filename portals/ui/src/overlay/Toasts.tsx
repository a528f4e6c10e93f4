"use client";
import { useEffect, useSyncExternalStore } from "react";
import { Button, IconButton } from "../forms/Button.tsx";
import { Icon } from "../lib/icon.tsx";
import { commitPending, currentToasts, dismissToast, subscribeToasts, type Toast } from "./toasts.ts";

const none: readonly Toast[] = [];

/** Where toasts appear; once per application. */
export function Toasts() {
  const items = useSyncExternalStore(subscribeToasts, currentToasts, () => none);
  useEffect(() => {
    window.addEventListener("pagehide", commitPending);
    return () => window.removeEventListener("pagehide", commitPending);
  }, []);
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-18 z-50 flex w-[min(26rem,calc(100vw-2rem))] flex-col gap-2 max-md:bottom-36"
    >
      {items.map((item) => (
        <div
          key={item.id}
          className="animate-rise pointer-events-auto relative flex min-h-11 items-center gap-3 overflow-hidden rounded-panel bg-raised py-1 pr-1 pl-4 text-sm shadow-lift"
        >
          {item.tone === "bad" ? <Icon of="circle-exclamation-point" className="text-bad" /> : null}
          {item.tone === "ok" ? <Icon of="circle-check" className="text-ok" /> : null}
          <p className="flex-1 py-1">{item.message}</p>
          {item.undo ? (
            <>
              <Button kind="quiet" size="small" className="!text-accent" onPress={item.undo}>
                Undo
              </Button>
              <span
                aria-hidden
                className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-accent"
                style={{ animation: `lm-drain ${item.lastsMs}ms linear forwards` }}
              />
            </>
          ) : (
            <IconButton label="Dismiss" onPress={() => dismissToast(item.id)}>
              <Icon of="x" size={14} />
            </IconButton>
          )}
        </div>
      ))}
    </section>
  );
}
