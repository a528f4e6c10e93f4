"use client";
import { useEffect, useSyncExternalStore } from "react";
import type { RunEvent } from "../api/shapes.ts";
import { currentWriting, nothing, pushRunEvents, subscribeWriting, type Writing } from "./run-text.ts";

/** What a run is writing. `stored` are the events of before the page was opened, once they are there. */
export function useRunWriting(run: string | undefined, stored?: readonly RunEvent[]): Writing {
  useEffect(() => {
    if (run && stored) pushRunEvents(run, stored);
  }, [run, stored]);
  return useSyncExternalStore(
    (listener) => (run ? subscribeWriting(run, listener) : () => undefined),
    () => (run ? currentWriting(run) : nothing),
    () => nothing,
  );
}
