"use client";
import { cx, Icon } from "@leadmetrics/ui";
import { type Activity, contentTypes, type QueuePlace, type ReviewClaim, useFormat } from "@leadmetrics/web";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { holderName } from "./claims.ts";
import { SlaClock } from "./SlaClock.tsx";
import { WritingStrip } from "./WritingStrip.tsx";

interface Props {
  /** The pinned one first. */
  items: readonly Activity[];
  /** A draft that a link led to and that stands further down, and where. */
  pinned: QueuePlace | undefined;
  total: number;
  selected: Activity | undefined;
  picked: ReadonlySet<string>;
  onPick: (ref: string) => void;
  onSelect: (index: number) => void;
  /** The end comes into sight. */
  onEnd: () => void;
  claims: ReadonlyMap<string, ReviewClaim>;
  nameOf: (tenantRef: string) => string;
  filters: ReactNode;
  empty: ReactNode;
  /** On phones the list gives way once a draft has been opened. */
  openedByPerson: boolean;
}

/** Pixels of a row before it is measured, and rows kept ready beyond the screen. */
const ROW_PX = 62;
const BEYOND = 12;
/** Rows that may be left when the next page is asked for: about as many as j passes while it comes. */
const LEFT = 50;

/** What waits, however much: only the rows in sight are on the page. */
export function QueueList(props: Props) {
  const { items, pinned, selected, openedByPerson, onEnd } = props;
  const format = useFormat();
  /** Items that stand above the list. */
  const above = pinned ? 1 : 0;
  const count = items.length - above;
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    // Behind a draft on a phone the rows have no height: they keep the one they had, and the list its place.
    measureElement: (row, entry, list) =>
      Math.round(entry?.borderBoxSize[0]?.blockSize ?? row.getBoundingClientRect().height) ||
      (list.measurementsCache[list.indexFromElement(row)]?.size ?? ROW_PX),
    getItemKey: (index) => items[index + above]?.ref ?? index,
  });
  const seen = rows.getVirtualItems();
  const lastSeen = seen.at(-1)?.index ?? -1;
  useEffect(() => {
    if (lastSeen >= count - LEFT) onEnd();
  }, [lastSeen, count, onEnd]);
  const at = selected ? items.indexOf(selected) - above : -1;
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: "auto" });
  }, [at, rows]);
  return (
    <nav
      aria-label="To review"
      className={cx(
        "sticky top-12 flex h-[calc(100dvh-48px)] w-80 shrink-0 flex-col border-r border-line max-md:h-[calc(100dvh-48px-56px)] max-md:w-full max-md:border-0",
        openedByPerson && "max-md:hidden",
      )}
    >
      {props.filters}
      {pinned ? (
        <section aria-label="From the link" className="shrink-0 border-b border-line-strong">
          <p className="tabular flex justify-between gap-3 px-4 pt-2 pb-1 text-xs text-muted">
            <span>From the link</span>
            <span>
              No. {format.number(pinned.position)} of {format.number(pinned.total)}
            </span>
          </p>
          <ul>
            <li
              aria-setsize={pinned.total}
              aria-posinset={pinned.position}
              className={rowStyle(selected === pinned.activity)}
            >
              <Row {...props} one={pinned.activity} index={0} />
            </li>
          </ul>
        </section>
      ) : null}
      <div ref={scroll} className="min-h-0 flex-1 overflow-auto">
        {items.length === 0 ? props.empty : null}
        <ul className="relative" style={{ height: rows.getTotalSize() }}>
          {seen.map((row) => {
            const one = items[row.index + above];
            return one ? (
              <li
                key={row.key}
                data-index={row.index}
                ref={rows.measureElement}
                aria-setsize={props.total}
                aria-posinset={row.index + 1}
                className={cx("absolute inset-x-0 top-0", rowStyle(one === selected))}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <Row {...props} one={one} index={row.index + above} />
              </li>
            ) : null;
          })}
        </ul>
      </div>
      <div className="border-t border-line px-4 py-2">
        <WritingStrip />
      </div>
    </nav>
  );
}

const rowStyle = (isSelected: boolean): string =>
  cx("flex border-l-2", isSelected ? "border-accent bg-selected" : "border-transparent hover:bg-hover");

function Row({
  one,
  index,
  selected,
  picked,
  onPick,
  onSelect,
  claims,
  nameOf,
}: Props & { one: Activity; index: number }) {
  const claim = claims.get(one.ref);
  return (
    <>
      <label className="flex w-9 shrink-0 justify-center pt-3 max-md:w-11">
        <input
          type="checkbox"
          aria-label={`Pick ${one.title}`}
          checked={picked.has(one.ref)}
          onChange={() => onPick(one.ref)}
          className="size-3.5 accent-(--accent) max-md:size-4"
        />
      </label>
      <a
        href={`/queue?activity=${one.ref}`}
        aria-current={one === selected ? "true" : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onSelect(index);
        }}
        className="flex min-w-0 flex-1 flex-col gap-1 py-2 pr-4 text-sm outline-offset-[-2px] max-md:py-3"
      >
        <span className="line-clamp-2" dir="auto">
          {one.title}
        </span>
        <span className="flex items-center gap-2 text-xs text-muted">
          <span className="min-w-0 truncate">
            {nameOf(one.tenantRef)} · {contentTypes[one.contentType].one.toLowerCase()}
          </span>
          <span className="flex-1" />
          {claim ? (
            <span className="inline-flex min-w-0 shrink-0 items-center gap-1">
              <Icon of="eye" size={12} label="Being read by" />
              <span className="max-w-24 truncate">{holderName(claim).split(" ")[0]}</span>
            </span>
          ) : null}
          {one.skipsClientReview ? (
            <Icon of="send" size={12} label="No client review after yours" className="text-warn" />
          ) : null}
          {one.escalated ? (
            <Icon
              of="triangle-exclamation-point"
              size={12}
              label="Escalated to a person"
              className="text-warn"
            />
          ) : null}
          <SlaClock promisedOn={one.promisedOn} />
        </span>
      </a>
    </>
  );
}
