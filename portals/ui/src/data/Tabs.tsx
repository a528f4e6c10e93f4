"use client";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { tabAfter } from "./tab-keys.ts";
import { useOverflow } from "./useOverflow.ts";

export interface TabItem {
  id: string;
  label: string;
  count?: number;
  content: ReactNode;
}

/**
 * Views of the same thing, one at a time. Arrow keys, Home and End lead from one to the next, as the ARIA practices have it;
 * Tab leads into what is shown.
 */
export function Tabs({
  label,
  items,
  selected,
  onSelect,
  className,
}: {
  label: string;
  items: readonly TabItem[];
  selected?: string;
  onSelect?: (id: string) => void;
  className?: string;
}) {
  const own = useId();
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(selected);
  const { more, measure, scroll } = useOverflow(list, items.length);
  const wanted = selected ?? chosen;
  const shown = items.find((item) => item.id === wanted) ?? items[0];
  if (!shown) return null;

  const select = (id: string) => {
    setChosen(id);
    if (id !== shown.id) onSelect?.(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isMirrored = getComputedStyle(event.currentTarget).direction === "rtl";
    const next = tabAfter(
      items.map((item) => item.id),
      shown.id,
      event.key,
      isMirrored,
    );
    // A press is the tab's own, as a button's is.
    if (event.key === "Enter" || event.key === " ") event.stopPropagation();
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    select(next);
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next)}"]`)?.focus();
  };

  return (
    <div className={cx("flex min-h-0 flex-col", className)}>
      <div className="relative shrink-0">
        <div
          ref={list}
          role="tablist"
          aria-label={label}
          onKeyDown={onKeyDown}
          onScroll={measure}
          data-more={more}
          className="tab-strip flex gap-4 overflow-x-auto border-b border-line"
        >
          {items.map((item) => {
            const isShown = item.id === shown.id;
            return (
              <button
                key={item.id}
                type="button"
                role="tab"
                id={`${own}-tab-${item.id}`}
                data-key={item.id}
                aria-selected={isShown}
                aria-controls={isShown ? `${own}-panel` : undefined}
                tabIndex={isShown ? 0 : -1}
                onClick={(event) => {
                  // One that was half behind the edge comes forward.
                  event.currentTarget.scrollIntoView({ block: "nearest", inline: "nearest" });
                  select(item.id);
                }}
                className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent text-sm whitespace-nowrap text-muted outline-none hover:text-text focus-visible:text-accent aria-selected:border-accent aria-selected:font-semibold aria-selected:text-text max-md:h-11"
              >
                {item.label}
                {item.count ? (
                  <span className="tabular text-xs font-normal text-muted">{item.count}</span>
                ) : null}
              </button>
            );
          })}
        </div>
        {/* For a mouse; keys and fingers go along the tabs themselves. */}
        {more === "start" || more === "both" ? <Further side="start" onPress={() => scroll(-1)} /> : null}
        {more === "end" || more === "both" ? <Further side="end" onPress={() => scroll(1)} /> : null}
      </div>
      <div
        key={shown.id}
        role="tabpanel"
        id={`${own}-panel`}
        aria-labelledby={`${own}-tab-${shown.id}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is shown may be text alone, and must be reachable
        tabIndex={0}
        className="min-h-0 flex-1 pt-4 outline-offset-[-2px]"
      >
        {shown.content}
      </div>
    </div>
  );
}

/** Leads along tabs that don't fit. Nothing is reached by it alone. */
function Further({ side, onPress }: { side: "start" | "end"; onPress: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden
      onClick={onPress}
      className={cx(
        "absolute top-0 flex h-full w-6 items-center text-muted hover:text-text max-md:hidden rtl:-scale-x-100",
        side === "start" ? "start-0 justify-start" : "end-0 justify-end",
      )}
    >
      <Icon of={side === "start" ? "chevron-left" : "chevron-right"} size={14} />
    </button>
  );
}
