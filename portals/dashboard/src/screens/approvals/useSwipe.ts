"use client";
import { type TouchEvent, useRef } from "react";
import { turnOf } from "./rules.ts";

/** Turns pages with a finger. What scrolls sideways by itself keeps its own swipe. */
export function useSwipe(go: (by: -1 | 1) => void) {
  const start = useRef<{ x: number; y: number } | undefined>(undefined);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches.item(0);
      const sideways = (event.target as Element).closest?.("pre,table,[role=tablist],textarea,input");
      start.current =
        touch && event.touches.length === 1 && !sideways ? { x: touch.clientX, y: touch.clientY } : undefined;
    },
    onTouchEnd: (event: TouchEvent) => {
      const touch = event.changedTouches.item(0);
      const from = start.current;
      start.current = undefined;
      if (!touch || !from) return;
      const turn = turnOf(touch.clientX - from.x, touch.clientY - from.y);
      if (turn !== 0) go(turn);
    },
  };
}
