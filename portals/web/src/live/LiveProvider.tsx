"use client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useRef, useState } from "react";
import type { LiveState } from "./connection.ts";
import type { LiveEvent } from "./events.ts";

type Listener = (event: LiveEvent) => void;
interface Live {
  state: LiveState;
  listeners: Set<Listener>;
}
const LiveContext = createContext<Live>({ state: "connecting", listeners: new Set() });

/** The stream's code could not be fetched: the line is tried again after this long. */
const AGAIN_MS = 3_000;

/** Holds the one event stream of a tab and renews what events make old. */
export function LiveProvider({ path, children }: { path: string; children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  const listeners = useRef(new Set<Listener>()).current;

  useEffect(() => {
    let stop = () => {};
    let isOver = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const open = async () => {
      try {
        // Nothing on the first screen waits for an event: the stream's code comes after the page's.
        const { listen } = await import("./stream.ts");
        if (isOver) return;
        stop = listen({
          url: new URL(path, location.origin).href,
          client,
          onState: setState,
          onEvent: (event) => {
            for (const listener of listeners) listener(event);
          },
        });
      } catch {
        if (isOver) return;
        setState("offline");
        again = setTimeout(open, AGAIN_MS);
      }
    };
    void open();
    return () => {
      isOver = true;
      clearTimeout(again);
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
