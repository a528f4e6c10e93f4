"use client";
import { AppLink, cx, OwesChip, Status } from "@leadmetrics/ui";
import { type Activity, contentTypes, owedOf } from "@leadmetrics/web";
import { type KeyboardEvent, useRef, useState } from "react";
import { type Board, moved, type Place } from "./rules.ts";

/** Cards of one column that are shown before "more" is asked for. */
const SHOWN = 30;

/** Columns by state. One card is in the tab order; arrows and h j k l go from there. */
export function BoardView({ board, nameOf }: { board: readonly Board[]; nameOf: (ref: string) => string }) {
  const place = useRef<HTMLDivElement>(null);
  const first = Math.max(
    0,
    board.findIndex(({ items }) => items.length > 0),
  );
  const [at, setAt] = useState<Place>();
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const shown = board.map((column) => ({
    ...column,
    items: whole.has(column.id) ? column.items : column.items.slice(0, SHOWN),
  }));
  const here = at ?? { column: first, row: 0 };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (!step || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const next = moved(shown, here, step);
    setAt(next);
    place.current?.querySelector<HTMLElement>(`[data-at="${next.column}:${next.row}"]`)?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows between links that work by themselves
    <div
      ref={place}
      onKeyDown={onKeyDown}
      className="relative grid min-h-0 flex-1 auto-cols-[minmax(196px,1fr)] grid-flow-col overflow-x-auto border-t border-line max-md:auto-cols-[78vw] max-md:snap-x"
    >
      {shown.map((column, index) => (
        <section
          key={column.id}
          aria-label={column.label}
          className={cx(
            "flex min-w-0 flex-col border-r border-line last:border-r-0 max-md:snap-start",
            column.items.length === 0 && "max-md:hidden",
          )}
        >
          <h2 className="sticky top-0 flex items-center justify-between bg-bg px-3 py-2 text-sm font-semibold">
            {column.label}
            <span className="tabular font-normal text-muted">{board[index]?.items.length ?? 0}</span>
          </h2>
          <ul className="flex flex-col px-1.5 pb-6">
            {column.items.map((one, row) => (
              <li key={one.ref}>
                <Card
                  one={one}
                  at={`${index}:${row}`}
                  isStop={here.column === index && here.row === row}
                  onFocus={() => setAt({ column: index, row })}
                  tenant={nameOf(one.tenantRef)}
                  withState={column.id !== "review" && column.id !== "client"}
                />
              </li>
            ))}
            {column.items.length === 0 ? <li className="px-2 py-1 text-sm text-muted">None</li> : null}
            {(board[index]?.items.length ?? 0) > column.items.length ? (
              <li>
                <button
                  type="button"
                  className="rounded-control px-2 py-1.5 text-sm text-accent hover:bg-hover max-md:min-h-11"
                  onClick={() => setWhole(new Set([...whole, column.id]))}
                >
                  Show all {board[index]?.items.length}
                </button>
              </li>
            ) : null}
          </ul>
        </section>
      ))}
    </div>
  );
}

const steps: Readonly<Record<string, Parameters<typeof moved>[2]>> = {
  ArrowRight: { column: 1 },
  l: { column: 1 },
  ArrowLeft: { column: -1 },
  h: { column: -1 },
  ArrowDown: { row: 1 },
  j: { row: 1 },
  ArrowUp: { row: -1 },
  k: { row: -1 },
};

function Card({
  one,
  at,
  isStop,
  onFocus,
  tenant,
  withState,
}: {
  one: Activity;
  at: string;
  isStop: boolean;
  onFocus: () => void;
  tenant: string;
  withState: boolean;
}) {
  return (
    <AppLink
      href={
        one.status === "dm_review" ? `/queue?activity=${one.ref}` : `/activities/${one.tenantRef}/${one.ref}`
      }
      data-at={at}
      tabIndex={isStop ? 0 : -1}
      onFocus={onFocus}
      className={cx(
        "flex flex-col gap-1.5 rounded-control px-2 py-2 text-sm outline-offset-[-2px] hover:bg-hover",
        one.escalated && "rounded-l-none border-l-2 border-warn",
      )}
    >
      <span className="line-clamp-2" dir="auto">
        {one.title}
      </span>
      <span className="truncate text-xs text-muted">
        {tenant} · {contentTypes[one.contentType].one.toLowerCase()}
      </span>
      <span className="flex flex-wrap items-center gap-2">
        {withState ? <Status state={one.status} className="!text-xs" /> : null}
        {one.status === "published" || one.status === "cancelled" ? null : (
          <OwesChip short owed={owedOf(one)} className="!h-5" />
        )}
      </span>
    </AppLink>
  );
}
