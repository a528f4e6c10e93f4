"use client";
import type { ReactNode } from "react";
import { Focusable } from "react-aria-components/Focusable";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components/Tooltip";

/** More about a word, on hover and on focus. */
export function Hint({ children, text }: { children: ReactNode; text: ReactNode }) {
  return (
    <TooltipTrigger delay={200}>
      <Focusable>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a hint must be reachable by keyboard */}
        <span role="note" tabIndex={0} className="rounded-[3px]">
          {children}
        </span>
      </Focusable>
      <AriaTooltip
        offset={6}
        className="animate-fade max-w-80 rounded-control bg-raised px-3 py-2 text-sm text-text shadow-lift"
      >
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
