"use client";
import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components/Tabs";
import { cx } from "../lib/cx.ts";

export interface TabItem {
  id: string;
  label: string;
  count?: number;
  content: ReactNode;
}

/** Views of the same thing, one at a time. */
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
  return (
    <AriaTabs
      selectedKey={selected}
      onSelectionChange={(key) => onSelect?.(String(key))}
      // Marked while anything in it has the focus; what has it shows its own ring.
      className={cx("flex min-h-0 flex-col outline-none", className)}
    >
      <TabList
        aria-label={label}
        className="flex shrink-0 gap-4 overflow-x-auto border-b border-line pr-6 [mask-image:linear-gradient(to_right,black_calc(100%-24px),transparent)] [scrollbar-width:none]"
      >
        {items.map((item) => (
          <Tab
            key={item.id}
            id={item.id}
            className="-mb-px flex h-9 cursor-default items-center gap-1.5 border-b-2 border-transparent text-sm whitespace-nowrap text-muted outline-none hover:text-text data-[focus-visible]:text-accent data-[selected]:border-accent data-[selected]:font-semibold data-[selected]:text-text max-md:h-11"
          >
            {item.label}
            {item.count ? <span className="tabular text-xs font-normal text-muted">{item.count}</span> : null}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="min-h-0 flex-1 pt-4 outline-none">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
