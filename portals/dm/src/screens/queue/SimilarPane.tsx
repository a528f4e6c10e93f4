"use client";
import { AppLink, EmptyState, Status } from "@leadmetrics/ui";
import { type SimilarItem, useFormat } from "@leadmetrics/web";

/** What of this draft the client has already: the item, how much of it, and the longest passage both have. */
export function SimilarPane({ items, tenantRef }: { items: readonly SimilarItem[]; tenantRef: string }) {
  const format = useFormat();
  if (items.length === 0)
    return (
      <EmptyState icon="copy-check" title="Nothing like it">
        None of this client's last four hundred items shares passages with this draft.
      </EmptyState>
    );
  return (
    <ul className="divide-y divide-line">
      {items.map((one) => (
        <li key={one.activityRef} className="flex flex-col gap-1.5 py-3 text-sm first:pt-0">
          <AppLink
            href={`/activities/${tenantRef}/${one.activityRef}`}
            className="font-semibold hover:underline"
          >
            {one.title}
          </AppLink>
          <p className="flex flex-wrap items-center gap-x-3 text-muted">
            <span className={one.likeness === "duplicate" ? "text-warn-text" : undefined}>
              {one.likeness === "duplicate" ? "Nearly the same" : "Shares passages"} ·{" "}
              {format.percent(one.share)}
            </span>
            {one.status ? <Status state={one.status} /> : null}
          </p>
          {one.passage ? (
            <p className="border-l-2 border-line-strong pl-2.5 text-muted" dir="auto">
              {one.passage}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
