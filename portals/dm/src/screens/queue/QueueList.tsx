"use client";
import { AppLink, cx, Icon, Key, OwesChip } from "@leadmetrics/ui";
import { type Activity, contentTypes, owedOf } from "@leadmetrics/web";
import { TriangleAlert } from "lucide-react";
import { WritingStrip } from "./WritingStrip.tsx";

interface Props {
  items: readonly Activity[];
  selected: Activity;
  picked: ReadonlySet<string>;
  onPick: (ref: string) => void;
  nameOf: (tenantRef: string) => string;
  /** On phones the list gives way once a draft has been opened. */
  openedByPerson: boolean;
}

export function QueueList({ items, selected, picked, onPick, nameOf, openedByPerson }: Props) {
  return (
    <nav
      aria-label="To review"
      className={cx(
        "sticky top-12 flex h-[calc(100dvh-48px)] w-80 shrink-0 flex-col border-r border-line max-md:static max-md:h-auto max-md:w-full max-md:border-0",
        openedByPerson && "max-md:hidden",
      )}
    >
      <p className="flex items-center justify-between px-4 py-3 text-sm text-muted">
        <span>
          <span className="tabular font-semibold text-text">{items.length}</span> to review
        </span>
        <span className="flex gap-1 max-md:hidden">
          <Key>j</Key>
          <Key>k</Key>
          <Key>x</Key>
          <Key>?</Key>
        </span>
      </p>
      <ul className="min-h-0 flex-1 overflow-auto">
        {items.map((one) => {
          const active = one.ref === selected.ref;
          return (
            <li
              key={one.ref}
              className={cx(
                "flex border-l-2",
                active ? "border-accent bg-selected" : "border-transparent hover:bg-hover",
              )}
            >
              <label className="flex w-9 shrink-0 justify-center pt-3">
                <input
                  type="checkbox"
                  aria-label={`Pick ${one.title}`}
                  checked={picked.has(one.ref)}
                  onChange={() => onPick(one.ref)}
                  className="size-3.5 accent-(--accent)"
                />
              </label>
              <AppLink
                href={`/queue?activity=${one.ref}`}
                aria-current={active ? "true" : undefined}
                className="flex min-w-0 flex-1 flex-col gap-1 py-2 pr-4 text-sm outline-offset-[-2px]"
              >
                <span className="line-clamp-2">{one.title}</span>
                <span className="flex items-center gap-2 text-xs text-muted">
                  <span className="min-w-0 truncate">
                    {nameOf(one.tenantRef)} · {contentTypes[one.contentType].one.toLowerCase()}
                  </span>
                  <span className="flex-1" />
                  {one.escalated ? (
                    <Icon of={TriangleAlert} size={12} label="Escalated to a person" className="text-warn" />
                  ) : null}
                  <OwesChip short owed={owedOf(one)} className="shrink-0 !h-5" />
                </span>
              </AppLink>
            </li>
          );
        })}
      </ul>
      <div className="border-t border-line px-4 py-2">
        <WritingStrip />
      </div>
    </nav>
  );
}
