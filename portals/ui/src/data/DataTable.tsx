"use client";
import type { ReactNode } from "react";
import { cx } from "../lib/cx.ts";

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  align?: "right";
  /** A CSS width. */
  width?: string;
  /** Left out below 768 px, where there is no room for what is not needed. */
  wide?: boolean;
}

export interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Opens a row: by a click anywhere in it, and by the keyboard through its first cell, which becomes a button. */
  onOpen?: (row: Row) => void;
  selectedKey?: string;
}

/** Rows of 36 px with a head that stays in sight and, on phones, a first column that does. */
export function DataTable<Row>({ label, columns, rows, rowKey, onOpen, selectedKey }: DataTableProps<Row>) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto border-y border-line outline-offset-[-2px]"
    >
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th
                key={column.key}
                scope="col"
                style={column.width ? { width: column.width } : undefined}
                className={cx(
                  "sticky top-0 z-10 h-8 bg-bg px-2 text-left text-xs font-normal whitespace-nowrap text-muted first:pl-0 last:pr-0",
                  index === 0 && "left-0",
                  column.align === "right" && "text-right",
                  column.wide && "max-md:hidden",
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              // The first cell's button is what the keyboard reaches; its click bubbles up to here.
              <tr
                key={key}
                onClick={onOpen ? () => onOpen(row) : undefined}
                aria-selected={selectedKey === undefined ? undefined : key === selectedKey}
                className={cx(
                  "group border-t border-line hover:bg-hover aria-selected:bg-selected",
                  onOpen && "cursor-pointer",
                )}
              >
                {columns.map((column, index) => (
                  <td
                    key={column.key}
                    className={cx(
                      "h-9 px-2 first:pl-0 last:pr-0 max-md:h-11",
                      index === 0 && "left-0 max-w-[26rem] max-md:sticky max-md:max-w-[52vw] max-md:bg-bg",
                      column.align === "right" && "text-right",
                      column.wide && "max-md:hidden",
                    )}
                  >
                    {index === 0 && onOpen ? (
                      <button
                        type="button"
                        className="block w-full truncate py-1 text-left group-hover:underline"
                      >
                        {column.cell(row)}
                      </button>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
