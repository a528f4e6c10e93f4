"use client";
import { AppLink, Checkbox, OwesChip, Status } from "@leadmetrics/ui";
import { type Activity, contentTypes, owedOf, useFormat } from "@leadmetrics/web";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

/** Rows drawn above and below what is in sight. */
const OVERSCAN = 12;
const ROW_PX = 37;
/** As high as a finger needs it. */
const PHONE_ROW_PX = 45;
const PHONE = "(max-width: 767px)";
/** Rows before the end at which the next page is asked for. */
const AHEAD = 60;

/** A table as long as the library: only the rows in sight are in the page. */
export function LibraryTable({
  rows,
  picked,
  onPick,
  onEnd,
  hasMore,
}: {
  rows: readonly Activity[];
  picked: ReadonlySet<string>;
  onPick: (refs: readonly string[], isPicked: boolean) => void;
  /** Asks for the next page. */
  onEnd: () => void;
  hasMore: boolean;
}) {
  const format = useFormat();
  const body = useRef<HTMLTableSectionElement>(null);
  const list = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (matchMedia(PHONE).matches ? PHONE_ROW_PX : ROW_PX),
    overscan: OVERSCAN,
    scrollMargin: body.current?.offsetTop ?? 0,
  });
  const shown = list.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);
  const reached = (last?.index ?? 0) >= rows.length - AHEAD;
  useEffect(() => {
    if (hasMore && reached) onEnd();
  }, [hasMore, reached, onEnd]);
  const margin = list.options.scrollMargin;
  const above = first ? first.start - margin : 0;
  const below = last ? list.getTotalSize() - (last.end - margin) : 0;
  const all = rows.length > 0 && rows.every((row) => picked.has(row.ref));
  const some = rows.some((row) => picked.has(row.ref));
  return (
    <table
      aria-label="Content"
      aria-rowcount={hasMore ? -1 : rows.length}
      className="w-full table-fixed border-collapse border-y border-line text-sm"
    >
      <thead>
        <tr className="text-left text-xs text-muted">
          <th scope="col" className="h-8 w-10 font-normal">
            <Checkbox
              label="Pick all that are shown"
              isSelected={all}
              isIndeterminate={some && !all}
              onChange={(is) =>
                onPick(
                  rows.map((row) => row.ref),
                  is,
                )
              }
            />
          </th>
          <th scope="col" className="font-normal">
            Title
          </th>
          <th scope="col" className="w-40 font-normal max-md:w-36">
            State
          </th>
          <th scope="col" className="w-28 font-normal max-lg:hidden">
            Kind
          </th>
          <th scope="col" className="w-52 font-normal max-lg:hidden">
            Next move
          </th>
          <th scope="col" className="w-32 text-right font-normal max-md:hidden">
            Changed
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {above > 0 ? (
          <tr aria-hidden style={{ height: above }}>
            <td colSpan={6} />
          </tr>
        ) : null}
        {shown.map(({ index }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <tr
              key={row.ref}
              aria-rowindex={index + 1}
              className="h-[37px] border-t max-md:h-[45px] border-line hover:bg-hover"
            >
              <td className="py-0">
                <Checkbox
                  label={`Pick “${row.title}”`}
                  isSelected={picked.has(row.ref)}
                  onChange={(is) => onPick([row.ref], is)}
                  className="max-md:min-h-11"
                />
              </td>
              <td className="truncate pr-3">
                <AppLink
                  href={`/content/${row.ref}`}
                  className="hover:underline max-md:block max-md:truncate max-md:py-3"
                  dir="auto"
                >
                  {row.title}
                </AppLink>
              </td>
              <td>
                <Status state={row.status} />
              </td>
              <td className="max-lg:hidden">{contentTypes[row.contentType].one}</td>
              <td className="max-lg:hidden">
                <OwesChip owed={owedOf(row)} />
              </td>
              <td className="text-right text-muted max-md:hidden">
                {format.relative(row.updatedOn ?? row.createdOn)}
              </td>
            </tr>
          );
        })}
        {below > 0 ? (
          <tr aria-hidden style={{ height: below }}>
            <td colSpan={6} />
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
