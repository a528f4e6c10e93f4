"use client";
import { EmptyState } from "@leadmetrics/ui";
import type { SourceCitation } from "../api/shapes.ts";

/** What a draft rests on, numbered as in its text. */
export function SourcesPane({ citations }: { citations: readonly SourceCitation[] }) {
  if (citations.length === 0) {
    return (
      <EmptyState icon="book-open" title="No sources">
        This draft cites nothing from the knowledge files. Its statements come from the brief and the client
        context.
      </EmptyState>
    );
  }
  return (
    <ol className="divide-y divide-line">
      {citations.map((one) => (
        <li key={one.number} className="flex gap-3 py-3 text-sm first:pt-0">
          <span className="tabular w-6 shrink-0 font-semibold text-accent">[{one.number}]</span>
          <div className="min-w-0">
            <p className="font-semibold">
              {one.title}
              {one.locator ? <span className="font-normal text-muted"> · {one.locator}</span> : null}
            </p>
            <p className="mt-1 line-clamp-6 text-muted">{one.excerpt}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
