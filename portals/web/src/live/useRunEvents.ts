"use client";
import { useSyncExternalStore } from "react";
import type { RunEvent } from "../api/shapes.ts";
import { currentEvents, subscribeWriting } from "./run-text.ts";

const none: readonly RunEvent[] = [];

/** Everything a run has told so far, in order, as far as `useRunWriting` has been given it. */
export function useRunEvents(run: string): readonly RunEvent[] {
  return useSyncExternalStore(
    (listener) => subscribeWriting(run, listener),
    () => currentEvents(run),
    () => none,
  );
}
