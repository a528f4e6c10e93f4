"use client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { sessionFetch } from "../api/http.ts";
import type { RunEvent } from "../api/shapes.ts";
import { connect, type LiveState } from "./connection.ts";
import { keysToRenew, type LiveEvent, readEvent, readProgress } from "./events.ts";
import { currentWriting, nothing, pushRunEvents, subscribeWriting, type Writing } from "./run-text.ts";

type Listener = (event: LiveEvent) => void;
interface Live {
  state: LiveState;
  listeners: Set<Listener>;
}
const LiveContext = createContext<Live>({ state: "connecting", listeners: new Set() });

/** Events that come together renew a list once, after this long. */
const GATHER_MS = 150;

/** Holds the one event stream of a tab and renews what events make old. */
export function LiveProvider({ path, children }: { path: string; children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  const listeners = useRef(new Set<Listener>()).current;

  useEffect(() => {
    const old = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const renew = () => {
      timer = undefined;
      for (const key of old) void client.invalidateQueries({ queryKey: [key] });
      old.clear();
    };
    const stop = connect({
      url: new URL(path, location.origin).href,
      fetch: sessionFetch,
      onState: setState,
      onGap: () => void client.invalidateQueries(),
      onEvent: (message) => {
        const event = readEvent(message.data);
        if (!event) return;
        if (event.type === "agents.run.progressed") {
          const progress = readProgress(event.data);
          if (progress) pushRunEvents(progress.runRef, progress.events);
        }
        for (const key of keysToRenew(event.type)) old.add(key);
        if (old.size > 0) timer ??= setTimeout(renew, GATHER_MS);
        for (const listener of listeners) listener(event);
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [path, client, listeners]);

  return <LiveContext value={{ state, listeners }}>{children}</LiveContext>;
}

/** How the connection stands; with a listener, also every event as it comes. */
export function useLive(onEvent?: Listener): LiveState {
  const { state, listeners } = use(LiveContext);
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    const listener: Listener = (event) => latest.current?.(event);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listeners]);
  return state;
}

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
