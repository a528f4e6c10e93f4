"use client";
import { type ReactNode, useId, useState } from "react";

export interface ChartData {
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

/** A picture of numbers with the numbers behind it: one press shows them as a table. */
export function ChartFrame({
  summary,
  data,
  children,
  caption,
}: {
  /** What the picture says, for those who don't see it. */
  summary: string;
  data: ChartData;
  caption?: ReactNode;
  children: ReactNode;
}) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure className="group/chart flex min-w-0 flex-col gap-1">
      <div id={id}>{asTable ? <Numbers data={data} summary={summary} /> : children}</div>
      <figcaption className="flex items-baseline justify-between gap-3 text-xs text-muted">
        <span className="min-w-0 truncate">{caption}</span>
        <button
          type="button"
          aria-controls={id}
          aria-pressed={asTable}
          aria-label={`${asTable ? "Show the chart" : "Show the numbers"}: ${summary}`}
          onClick={() => setAsTable(!asTable)}
          className="shrink-0 rounded-[3px] opacity-0 group-hover/chart:opacity-100 hover:text-text focus-visible:opacity-100 max-md:-my-2 max-md:py-2 max-md:opacity-100"
        >
          {asTable ? "chart" : "numbers"}
        </button>
      </figcaption>
    </figure>
  );
}

function Numbers({ data, summary }: { data: ChartData; summary: string }) {
  return (
    <table className="w-full text-xs">
      <caption className="sr-only">{summary}</caption>
      <thead>
        <tr>
          {data.columns.map((column) => (
            <th key={column} scope="col" className="py-0.5 text-left font-normal text-muted">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.rows.map((row) => (
          <tr key={row.join("|")} className="border-t border-line">
            {row.map((cell, index) => (
              <td key={data.columns[index]} className="py-0.5 pr-2">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
